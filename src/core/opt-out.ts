/** What a person wants who writes to a sender: no more messages, or messages again. */
export type OptOutWish = 'stop' | 'start';

/**
 * Words that ask for silence, by language. English ones are those of the CTIA and of the FCC's rule of 2025, the others what carriers
 * and laws of the country name (RET in Türkiye, הסר in Israel, TD in China) or what the language says for it.
 */
export const STOP_WORDS: Readonly<Record<string, readonly string[]>> = {
  en: ['STOP', 'STOPALL', 'STOP ALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT', 'OPT OUT', 'REMOVE'],
  fr: ['ARRET', 'ARRÊT', 'ARRÊTER', 'ARRÊTEZ', 'DÉSABONNER', 'DÉSINSCRIRE', 'DÉSINSCRIPTION', 'STOPPER'],
  es: ['BAJA', 'ALTO', 'PARAR', 'PARE', 'CANCELAR', 'DETENER', 'NO MÁS'],
  pt: ['SAIR', 'PARAR', 'PARE', 'CANCELAR', 'REMOVER', 'DESCADASTRAR'],
  de: ['STOPP', 'ABMELDEN', 'ABMELDUNG', 'ABBESTELLEN', 'AUSTRAGEN', 'ENDE'],
  it: ['FERMA', 'BASTA', 'ANNULLA', 'CANCELLAMI', 'DISISCRIVI', 'DISISCRIVIMI'],
  nl: ['AFMELDEN', 'UITSCHRIJVEN', 'STOPPEN'],
  sv: ['STOPP', 'AVSLUTA', 'AVREGISTRERA'],
  da: ['STOP', 'AFMELD', 'AFMELDE', 'STOPPE'],
  nb: ['STOPP', 'AVSLUTT', 'MELD AV', 'AVMELD'],
  fi: ['LOPETA', 'PERUUTA', 'SEIS'],
  pl: ['WYPISZ', 'REZYGNUJĘ', 'ANULUJ', 'KONIEC'],
  cs: ['ODHLÁSIT', 'ZRUŠIT', 'KONEC'],
  sk: ['ODHLÁSIŤ', 'ZRUŠIŤ'],
  hu: ['LEIRATKOZÁS', 'LEIRATKOZOM', 'LEÁLLÍTÁS'],
  ro: ['DEZABONARE', 'OPREȘTE', 'RENUNȚ'],
  hr: ['ODJAVA', 'ODJAVI'],
  sl: ['ODJAVA', 'ODJAVI'],
  tr: ['RET', 'İPTAL', 'DUR', 'DURDUR'],
  id: ['BERHENTI', 'HENTIKAN'],
  ms: ['BERHENTI', 'BATAL'],
  vi: ['HỦY', 'DỪNG', 'TỪ CHỐI'],
  sw: ['ACHA', 'SITISHA', 'ONDOA'],
  ru: ['СТОП', 'ОТПИСАТЬСЯ', 'ОТПИСКА', 'ОТМЕНА', 'ОТКАЗ'],
  uk: ['СТОП', 'ВІДПИСАТИСЯ', 'ВІДМОВА'],
  bg: ['СТОП', 'ОТПИСВАНЕ', 'ОТКАЗ'],
  el: ['ΣΤΟΠ', 'ΔΙΑΚΟΠΗ', 'ΔΙΑΓΡΑΦΗ'],
  ar: ['إلغاء', 'الغاء', 'إيقاف', 'ايقاف', 'توقف', 'قف'],
  he: ['הסר', 'הסרה', 'עצור'],
  fa: ['لغو', 'توقف'],
  hi: ['बंद', 'रोकें', 'बंद करें'],
  th: ['หยุด', 'ยกเลิก'],
  ja: ['停止', '配信停止', '解除'],
  ko: ['수신거부', '수신 거부', '중지', '그만'],
  zh: ['退订', '退訂', '停止', 'TD', 'T'],
};

/** Words that take it back. Fewer, and never as a part of a sentence: silence is the safer mistake. */
export const START_WORDS: Readonly<Record<string, readonly string[]>> = {
  en: ['START', 'UNSTOP', 'SUBSCRIBE', 'RESUME', 'OPTIN', 'OPT IN'],
  fr: ['REPRENDRE', 'ABONNER', 'INSCRIPTION'],
  es: ['ALTA', 'INICIAR', 'COMENZAR'],
  pt: ['VOLTAR', 'INICIAR', 'COMEÇAR'],
  de: ['ANMELDEN', 'ANMELDUNG'],
  it: ['INIZIA', 'RIPRENDI'],
  nl: ['AANMELDEN', 'INSCHRIJVEN'],
  sv: ['STARTA'],
  da: ['TILMELD'],
  nb: ['MELD PÅ'],
  fi: ['ALOITA', 'JATKA'],
  pl: ['ZAPISZ', 'WZNÓW'],
  tr: ['BAŞLAT', 'ONAY'],
  id: ['MULAI'],
  ru: ['СТАРТ', 'ПОДПИСАТЬСЯ'],
  uk: ['СТАРТ', 'ПІДПИСАТИСЯ'],
  el: ['ΕΝΑΡΞΗ'],
  ar: ['اشتراك', 'ابدأ'],
  he: ['התחל'],
  ja: ['再開', '開始'],
  ko: ['수신동의', '시작'],
  zh: ['订阅', '訂閱', '恢复', '恢復'],
};

/** Begins a short sentence that means it: “STOP texting me”. Words that also begin other sentences (END, ALTO) must stand alone. */
const LEADING: ReadonlySet<string> = new Set(
  ['STOP', 'STOPALL', 'STOPP', 'UNSUBSCRIBE', 'OPTOUT', 'ARRET', 'BAJA', 'ABMELDEN', 'AFMELDEN', 'СТОП'].map(folded),
);
const MOST_WORDS = 6;

const STOPS: ReadonlySet<string> = new Set(Object.values(STOP_WORDS).flat().map(folded));
const STARTS: ReadonlySet<string> = new Set(Object.values(START_WORDS).flat().map(folded));

/** What a message asks for, whatever language it is in; null = neither. Case, accents, quotes and marks around it do not matter. */
export function optOutWish(text: string): OptOutWish | null {
  // What is longer than any such message is not folded at all.
  if (text.length > 160) return null;
  const said = folded(text);
  if (STOPS.has(said)) return 'stop';
  if (STARTS.has(said)) return 'start';
  const words = said.split(' ');
  return LEADING.has(words[0] ?? '') && words.length <= MOST_WORDS ? 'stop' : null;
}

/** Upper case without accents, only letters and digits, one blank between words. */
function folded(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
