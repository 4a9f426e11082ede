import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { problem } from './problem.ts';

const REFUSALS: Readonly<Record<string, readonly [code: string, status: number]>> = {
  HPE_HEADER_OVERFLOW: ['headers-too-large', 431],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['too-large', 413],
  ERR_HTTP_REQUEST_TIMEOUT: ['too-slow', 408],
};

/** What cannot be read as HTTP, or does not come to its end in time, hears a problem too; then the connection ends. */
export function refuseNoRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const [code, status] = REFUSALS[error.code ?? ''] ?? ['malformed', 400];
  const body = JSON.stringify(problem(code, status));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
