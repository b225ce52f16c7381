import { pickLocale, type Locale } from '../locale.ts';

/** The words about “this was not me”: a line in messages and one page. `{brand}` and `{to}` (masked) are the only placeholders. */
export interface NotMeTexts {
  /** Before the address, in an e-mail. */
  readonly line: string;
  /** The same where there is little room. */
  readonly short: string;
  readonly title: string;
  readonly detail: string;
  readonly cancel: string;
  readonly suppress: string;
  readonly suppressHint: string;
  readonly canceledTitle: string;
  readonly canceledDetail: string;
  readonly suppressedTitle: string;
  readonly suppressedDetail: string;
  readonly closedTitle: string;
  readonly closedDetail: string;
  /** The button where there is nothing left to cancel. */
  readonly report: string;
  readonly goneTitle: string;
  readonly goneDetail: string;
}

const EN: NotMeTexts = {
  line: 'Was this not you? Stop it here:',
  short: 'Not you?',
  title: 'Did you not ask for this code?',
  detail: 'Somebody asked {brand} for a code for {to}. If that was you, close this page.',
  cancel: 'Cancel the code',
  suppress: 'Cancel it and stop all codes',
  suppressHint: 'Then {brand} sends no more codes to {to} until you ask for it there.',
  canceledTitle: 'The code is canceled',
  canceledDetail: 'Nobody can use it any more. If you told it to somebody, tell {brand} at once.',
  suppressedTitle: 'No more codes',
  suppressedDetail: '{brand} sends no more codes to {to}, and the last one can no longer be used.',
  closedTitle: 'This code no longer works',
  closedDetail: 'It was used, or its time is over. You can still say that you did not ask for it.',
  report: 'I did not ask for it',
  goneTitle: 'This link no longer works',
  goneDetail: 'It is too old, or a part of it is missing. Codes that nobody enters end by themselves.',
};

/** Beside English all are machine-made drafts. A language without words of its own gets the English ones. */
const TEXTS: Readonly<Partial<Record<Locale, NotMeTexts>>> = {
  en: EN,
  de: {
    line: 'Waren Sie das nicht? Hier können Sie es stoppen:',
    short: 'Nicht Sie?',
    title: 'Haben Sie diesen Code nicht angefordert?',
    detail: 'Jemand hat bei {brand} einen Code für {to} angefordert. Waren Sie das, schließen Sie diese Seite.',
    cancel: 'Code ungültig machen',
    suppress: 'Ungültig machen und keine Codes mehr',
    suppressHint: 'Dann schickt {brand} keine Codes mehr an {to}, bis Sie dort darum bitten.',
    canceledTitle: 'Der Code ist ungültig',
    canceledDetail: 'Niemand kann ihn mehr benutzen. Haben Sie ihn jemandem gesagt, wenden Sie sich sofort an {brand}.',
    suppressedTitle: 'Keine Codes mehr',
    suppressedDetail: '{brand} schickt keine Codes mehr an {to}; der letzte gilt nicht mehr.',
    closedTitle: 'Dieser Code gilt nicht mehr',
    closedDetail:
      'Er wurde benutzt, oder seine Zeit ist um. Sie können trotzdem sagen, dass Sie ihn nicht angefordert haben.',
    report: 'Ich habe ihn nicht angefordert',
    goneTitle: 'Dieser Link gilt nicht mehr',
    goneDetail: 'Er ist zu alt oder unvollständig. Codes, die niemand eingibt, verfallen von selbst.',
  },
  fr: {
    line: 'Ce n’était pas vous ? Arrêtez tout ici :',
    short: 'Pas vous ?',
    title: 'Vous n’avez pas demandé ce code ?',
    detail: 'Quelqu’un a demandé à {brand} un code pour {to}. Si c’était vous, fermez cette page.',
    cancel: 'Annuler le code',
    suppress: 'L’annuler et ne plus recevoir de codes',
    suppressHint: '{brand} n’enverra alors plus de codes à {to}, sauf si vous le demandez.',
    canceledTitle: 'Le code est annulé',
    canceledDetail:
      'Plus personne ne peut l’utiliser. Si vous l’avez donné à quelqu’un, prévenez {brand} tout de suite.',
    suppressedTitle: 'Plus de codes',
    suppressedDetail: '{brand} n’envoie plus de codes à {to}, et le dernier ne peut plus servir.',
    closedTitle: 'Ce code ne fonctionne plus',
    closedDetail: 'Il a servi ou a expiré. Vous pouvez tout de même signaler que vous ne l’avez pas demandé.',
    report: 'Je ne l’ai pas demandé',
    goneTitle: 'Ce lien ne fonctionne plus',
    goneDetail: 'Il est trop ancien ou incomplet. Les codes que personne ne saisit expirent d’eux-mêmes.',
  },
  es: {
    line: '¿No ha sido usted? Deténgalo aquí:',
    short: '¿No es usted?',
    title: '¿No ha pedido este código?',
    detail: 'Alguien ha pedido a {brand} un código para {to}. Si ha sido usted, cierre esta página.',
    cancel: 'Cancelar el código',
    suppress: 'Cancelarlo y no recibir más códigos',
    suppressHint: '{brand} no enviará más códigos a {to} hasta que usted lo pida.',
    canceledTitle: 'El código está cancelado',
    canceledDetail: 'Ya nadie puede usarlo. Si se lo ha dicho a alguien, avise enseguida a {brand}.',
    suppressedTitle: 'No más códigos',
    suppressedDetail: '{brand} no envía más códigos a {to}, y el último ya no sirve.',
    closedTitle: 'Este código ya no sirve',
    closedDetail: 'Se ha usado o ha caducado. Aun así puede decir que no lo pidió.',
    report: 'Yo no lo pedí',
    goneTitle: 'Este enlace ya no sirve',
    goneDetail: 'Es demasiado antiguo o está incompleto. Los códigos que nadie introduce caducan solos.',
  },
  ar: {
    line: 'لم تكن أنت؟ أوقف ذلك هنا:',
    short: 'لست أنت؟',
    title: 'ألم تطلب هذا الرمز؟',
    detail: 'طلب شخص ما من {brand} رمزًا إلى {to}. إذا كنت أنت، فأغلق هذه الصفحة.',
    cancel: 'إلغاء الرمز',
    suppress: 'إلغاؤه وإيقاف كل الرموز',
    suppressHint: 'عندئذ لن يرسل {brand} أي رموز إلى {to} حتى تطلب ذلك.',
    canceledTitle: 'أُلغي الرمز',
    canceledDetail: 'لا يمكن لأحد استخدامه بعد الآن. إذا أخبرت أحدًا به، فأبلغ {brand} فورًا.',
    suppressedTitle: 'لا رموز بعد الآن',
    suppressedDetail: 'لن يرسل {brand} أي رموز إلى {to}، ولم يعد الرمز الأخير صالحًا.',
    closedTitle: 'لم يعد هذا الرمز صالحًا',
    closedDetail: 'استُخدم أو انتهى وقته. ما زال بإمكانك أن تقول إنك لم تطلبه.',
    report: 'لم أطلبه',
    goneTitle: 'لم يعد هذا الرابط صالحًا',
    goneDetail: 'إنه قديم جدًا أو ناقص. الرموز التي لا يدخلها أحد تنتهي من تلقاء نفسها.',
  },
};

/** The words in a language with which one they are. */
export function notMeTexts(tag: string | null): { readonly locale: Locale; readonly texts: NotMeTexts } {
  const locale = pickLocale(tag, 'en');
  const texts = TEXTS[locale];
  return texts === undefined ? { locale: 'en', texts: EN } : { locale, texts };
}
