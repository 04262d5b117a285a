// A slow line to a server on this machine: everything it answers shares so many bits a second, and
// comes so much later. Throttled here and not in the browser, so that workers are throttled too.
import { connect, createServer } from 'node:net';

/** So much is sent at a time: about what a segment of TCP may gather. */
const PIECE = 8 * 1024;

/** Returns the address of the slow line's other end, and how to hang up. */
export async function slowLine(address, { megabits, latency }) {
  const { hostname, port, pathname } = new URL(address);
  const bytesPerMillisecond = (megabits * 1e6) / 8 / 1000;
  let free = 0;
  const server = createServer((visitor) => {
    const upstream = connect(Number(port), hostname);
    // The server may hang up long before its answer has arrived.
    upstream.on('error', () => visitor.destroy());
    visitor.on('error', () => upstream.destroy()).on('close', () => upstream.destroy());
    visitor.pipe(upstream);
    /** What is on its way, in order: timers alone may overtake each other by a millisecond. */
    const queue = [];
    const later = (bytes, act) => {
      const start = Math.max(performance.now() + latency, free);
      free = start + bytes / bytesPerMillisecond;
      queue.push(act);
      setTimeout(() => queue.shift()(), free - performance.now());
    };
    upstream.on('data', (data) => {
      for (let at = 0; at < data.length; at += PIECE) {
        const piece = data.subarray(at, at + PIECE);
        later(piece.length, () => visitor.writable && visitor.write(piece));
      }
    });
    upstream.on('end', () => later(0, () => visitor.end()));
  });
  await new Promise((resolve) => server.listen(0, 'localhost', resolve));
  const far = `http://localhost:${server.address().port}${pathname}`;
  return { address: far, hangUp: () => server.close() };
}
