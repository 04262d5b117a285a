import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Host } from '../../../src/engine/host';
import type { FromWorker } from '../../../src/engine/protocol';
import { withLearn, withTraining } from '../../../src/engine/recipes';
import { isOfFirst, SecondHalf } from '../../../src/engine/secondHalf';
import * as state from '../../../src/state';
import { FakeLab, links, until } from './fakes';

const controls = () => state.controls.peek();
const training = { job: 'replay', recipe: withTraining(controls()) } as const;
const distortion = { job: 'distortion', settings: controls().distortion } as const;

/** A host whose second half comes, or not, when the test says so. */
function hosted() {
  const said: FromWorker[] = [];
  const lab = new FakeLab();
  const half = { there: false, asked: 0, arrive: () => {}, fail: () => {} };
  const load = () => {
    half.asked++;
    return new Promise<void>((resolve, reject) => {
      half.arrive = () => {
        half.there = true;
        resolve();
      };
      half.fail = () => reject(new Error('It is not to be had.'));
    });
  };
  const second = {
    get there() {
      return half.there;
    },
    load,
  };
  const post = (message: FromWorker) => said.push(message);
  const host = new Host({ lab, links, post, budgetMs: 1, second });
  return { host, lab, half, said };
}

describe('the second half', () => {
  it('is not needed to train on clean images, and for nearly everything else', () => {
    const { train } = controls();
    const against = { ...controls(), train: { ...train, against: 'fgsm' as const } };
    const asked = (what: object) => isOfFirst({ kind: 'job', id: 1, job: what } as never);
    expect(asked(training)).toBe(true);
    expect(asked({ ...training, recipe: withTraining(against) })).toBe(false);
    expect(asked({ ...training, recipe: withLearn(training.recipe, controls().learn) })).toBe(
      false,
    );
    expect(asked(distortion)).toBe(false);
    const called = (method: string) =>
      isOfFirst({ kind: 'call', id: 1, method, args: [] } as never);
    expect([called('parseLink'), called('images'), called('checks')]).toEqual([true, true, false]);
  });

  it('is waited for by what needs it, and by nothing else', async () => {
    const { host, lab, half, said } = hosted();
    host.handle({ kind: 'job', id: 1, job: training });
    await until(() => said.some((message) => message.kind === 'answer'));
    expect(half.asked).toBe(0);
    host.handle({ kind: 'job', id: 2, job: distortion });
    host.handle({ kind: 'call', id: 3, method: 'hasNetwork', args: [] });
    expect(half.asked).toBe(1);
    expect(said.at(-1)).toEqual({ kind: 'answer', id: 3, value: true });
    expect(lab.begun).toHaveLength(1);
    half.arrive();
    await until(() => lab.begun.length === 2);
  });

  it('that does not come is told to whoever needs it, and asked for again', async () => {
    const { host, lab, half, said } = hosted();
    const sentence = 'It is not to be had.';
    const refused = (id: number) => ({ kind: 'refused', id, sentence, lacking: true });
    host.handle({ kind: 'job', id: 1, job: distortion });
    half.fail();
    await until(() => said.length === 1);
    host.handle({ kind: 'call', id: 2, method: 'checks', args: [] as never });
    half.fail();
    await until(() => said.length === 2);
    expect(said).toEqual([refused(1), refused(2)]);
    host.handle({ kind: 'job', id: 3, job: distortion });
    half.arrive();
    await until(() => lab.begun.length === 1);
    expect(half.asked).toBe(3);
  });

  it('is not begun with after the job was cancelled', async () => {
    const { host, lab, half, said } = hosted();
    host.handle({ kind: 'job', id: 1, job: distortion });
    host.handle({ kind: 'cancel', id: 1 });
    half.arrive();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(said).toEqual([{ kind: 'cancelled', id: 1 }]);
    expect(lab.begun).toEqual([]);
  });
});

describe('the second half, fetched while everything waits', () => {
  const module = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest());
  const integrity = `sha256-${createHash('sha256').update(module).digest('base64')}`;
  const half = () => new SecondHalf({ address: 'http://here/second.wasm', integrity }, {}, sha256);

  function served(status: number, bytes: Uint8Array<ArrayBuffer>): void {
    vi.stubGlobal(
      'XMLHttpRequest',
      class {
        status = status;
        response = bytes.slice().buffer;
        open() {}
        send() {}
      },
    );
  }

  afterEach(() => vi.unstubAllGlobals());

  it('is taken as it was built, and else named', () => {
    served(200, module);
    const taken = half();
    taken.loadNow();
    expect(taken.there).toBe(true);
    const longer = new Uint8Array([...module, 0, 1, 0]);
    served(200, longer);
    expect(() => half().loadNow()).toThrow(/arrived damaged: it is not what the page was built/);
    served(404, module);
    expect(() => half().loadNow()).toThrow(/could not be fetched; is the connection down\?$/);
  });
});
