/** A server of the built site that a test can take down, and whose page it can replace. */
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

const hash = (text: string) => `sha256-${createHash('sha256').update(text).digest('base64')}`;

export class Site {
  readonly #origin: string;
  readonly #server: Server;
  /** Answers nothing at all while it is true. */
  down = false;
  /** What the page of the newer version has before its end; none is published while it is empty. */
  newer = '';
  /** Files beside those of the site. */
  beside: Record<string, string> = {};
  /** The paths that were asked for. */
  asked: string[] = [];

  constructor(origin: string) {
    this.#origin = origin;
    this.#server = createServer(async (request, response) => {
      if (this.down) return void request.socket.destroy();
      const path = (request.url ?? '/').slice(1);
      this.asked.push(path);
      const own = this.beside[path];
      if (own !== undefined) {
        response.writeHead(200, { 'content-type': 'text/javascript' });
        return void response.end(own);
      }
      const found = await fetch(new URL(path, this.#origin));
      const type = found.headers.get('content-type') ?? '';
      const body = Buffer.from(await found.arrayBuffer());
      const sent = this.newer === '' ? body : await this.#renewed(path, body);
      response.writeHead(found.status, { 'content-type': type, 'cache-control': 'no-cache' });
      response.end(sent);
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://localhost:${(this.#server.address() as AddressInfo).port}/`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** The page and the list of files as another build would have made them. */
  async #renewed(path: string, body: Buffer): Promise<Buffer> {
    const page = await (await fetch(this.#origin)).text();
    const renewed = page
      .replace('</body>', `${this.newer}</body>`)
      .replace(/(name="version" content=")/, '$1renewed');
    if (path === '') return Buffer.from(renewed);
    if (path !== 'service-worker.js') return body;
    const script = body.toString().replace('"version":"', '"version":"renewed');
    return Buffer.from(script.replace(hash(page), hash(renewed)));
  }
}
