import { connect } from 'node:net';

const HEAD_END = '\r\n\r\n';
const LENGTH = /\r\ncontent-length: *(\d+)/i;
const CHUNKED = /\r\ntransfer-encoding: *chunked/i;
const LAST_CHUNK = '0\r\n\r\n';

/**
 * One HTTP/1.1 keep-alive connection, one request in flight. `onAnswer(status, body)` is called for each; what breaks the
 * connection goes to `onFailure`. Answers must be ASCII, with a Content-Length or in chunks without trailers.
 */
export class HttpConnection {
  #socket;
  #buffer = '';
  #onAnswer = null;

  constructor(port, onFailure) {
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.setEncoding('latin1');
    this.#socket.on('data', (chunk) => this.#take(chunk));
    this.#socket.on('error', onFailure);
    this.#socket.on('close', () => this.#onAnswer !== null && onFailure(new Error('the server closed the connection')));
  }

  opened() {
    return new Promise((resolve) => this.#socket.once('connect', resolve));
  }

  send(request, onAnswer) {
    this.#onAnswer = onAnswer;
    this.#socket.write(request, 'latin1');
  }

  close() {
    this.#onAnswer = null;
    this.#socket.destroy();
  }

  #take(chunk) {
    this.#buffer = this.#buffer === '' ? chunk : this.#buffer + chunk;
    const headEnd = this.#buffer.indexOf(HEAD_END);
    if (headEnd < 0) return;
    const start = headEnd + HEAD_END.length;
    const body = bodyOf(this.#buffer.slice(0, headEnd), this.#buffer.slice(start));
    if (body === null) return;
    const status = Number(this.#buffer.slice(9, 12));
    this.#buffer = '';
    const onAnswer = this.#onAnswer;
    this.#onAnswer = null;
    onAnswer(status, body);
  }
}

/** What came after a head, once it is whole; null before. Without a length it is taken as it is, and fails the check of its fields. */
function bodyOf(head, rest) {
  if (CHUNKED.test(head)) return rest.endsWith(LAST_CHUNK) ? joinChunks(rest) : null;
  return rest.length < Number(LENGTH.exec(head)?.[1] ?? Number.NaN) ? null : rest;
}

function joinChunks(rest) {
  let text = '';
  for (let at = 0; ;) {
    const line = rest.indexOf('\r\n', at);
    const size = Number.parseInt(rest.slice(at, line), 16);
    if (!(size > 0)) return text;
    text += rest.slice(line + 2, line + 2 + size);
    at = line + 2 + size + 2;
  }
}

/** The bytes of a POST with a JSON body. */
export function postRequest(path, token, body) {
  const key = token === null ? '' : `authorization: Bearer ${token}\r\n`;
  return `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${key}content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}
