import { connect } from 'node:net';

export interface RawAnswer {
  /** 0 where nothing was answered. */
  readonly status: number;
  readonly headers: string;
  readonly body: string;
  /** Whether the other side ended the connection. */
  readonly closed: boolean;
  readonly ms: number;
}

/** Bytes over a socket, for what no HTTP client would send. `parts` goes out as fast as the other side takes it. */
export async function rawHttp(
  url: string,
  parts: Iterable<string | Buffer> | AsyncIterable<string | Buffer>,
  withinMs = 5_000,
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const from = performance.now();
  const socket = connect({ host: hostname, port: Number(port) });
  const heard: Buffer[] = [];
  let closed = false;
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(late);
      socket.destroy();
      resolve({ ...parsed(Buffer.concat(heard).toString('latin1')), closed, ms: performance.now() - from });
    };
    const late = setTimeout(end, withinMs);
    socket.on('data', (bytes: Buffer) => {
      heard.push(bytes);
      if (isWhole(Buffer.concat(heard).toString('latin1'))) end();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      closed = true;
      end();
    });
    void send(parts, (part) => write(socket, part));
  });
}

async function send(
  parts: Iterable<string | Buffer> | AsyncIterable<string | Buffer>,
  write: (part: string | Buffer) => Promise<boolean>,
): Promise<void> {
  for await (const part of parts) if (!(await write(part))) return;
}

/** False once nobody listens any more. */
function write(socket: ReturnType<typeof connect>, part: string | Buffer): Promise<boolean> {
  return new Promise((resolve) => {
    if (socket.destroyed) return resolve(false);
    socket.write(part, (error) => resolve(error === undefined || error === null));
  });
}

function isWhole(text: string): boolean {
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) return false;
  const length = /content-length: (\d+)/i.exec(text.slice(0, head))?.[1];
  return length !== undefined && text.length >= head + 4 + Number(length);
}

function parsed(text: string): Pick<RawAnswer, 'status' | 'headers' | 'body'> {
  const head = text.indexOf('\r\n\r\n');
  const headers = head < 0 ? text : text.slice(0, head);
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(headers)?.[1] ?? 0),
    headers,
    body: head < 0 ? '' : text.slice(head + 4),
  };
}
