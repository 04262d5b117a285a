/** The address bar: it always holds the link to what is on screen, and links open from it. */
import { effect } from '@preact/signals';
import { lacking } from '../bring/state';
import { lesson } from '../lessonState';
import { imageIndex, network, offered, recipe, shareLink } from '../state';
import { claim, glimpsed, NOTHING, taught, teaches, teaching, viewOf } from '../teachingState';
import { sought } from '../trialsState';
import { WorkerLost } from './client';
import { ATTEMPTS } from './crew';
import { settled } from './frame';
import { networkKey } from './keys';
import { notify } from './notices';
import type { Session } from './session';

/** So long nothing may have moved before the address follows. */
const SETTLED_MS = 300;
/** The browser's note to an address whose network was on screen; no link can carry it. */
const SHOWN = 'shown';

export class AddressBar {
  readonly #session: Session;
  /** A fragment that waits for the worker that can read it. */
  #unread: { fragment: string; fresh: boolean; said?: boolean; deaths: number } | null = null;
  /** The newest link to a finding: what the address says while there is no network. */
  #about = '';

  constructor(session: Session) {
    this.#session = session;
  }

  /** Returns what stops it. */
  start(): () => void {
    const fragment = fragmentOf(location.hash);
    if (fragment) {
      // Loaded anew, what was on screen needs no second word.
      const said = history.state === SHOWN;
      this.#unread = { fragment, fresh: true, said, deaths: 0 };
      // What a link hides must not be seen until the core has read it.
      teaching.value = glimpsed(fragment);
    }
    const opened = ({ newURL }: HashChangeEvent) => {
      // Not what the address is by now: what was on screen may have been written over the link
      // between the visitor's pressing and this.
      const changed = fragmentOf(new URL(newURL).hash);
      if (!changed || newURL === shareLink.peek()) return;
      this.#unread = { fragment: changed, fresh: false, deaths: 0 };
      void this.labReady();
    };
    addEventListener('hashchange', opened);
    const write = settled(() => void this.#write(), SETTLED_MS);
    const stop = effect(() => {
      // Whatever a link holds.
      void [recipe.value, imageIndex.value, network.value, lacking.value, offered.value];
      void [lesson.value, teaching.value, claim.value];
      // A worker that died may have left it unwritten.
      void this.#session.rests.value;
      write();
    });
    return () => {
      removeEventListener('hashchange', opened);
      stop();
    };
  }

  /** Opens a link that comes from elsewhere than the address. */
  open(link: string, said: boolean): void {
    const at = link.indexOf('#');
    const fragment = at < 0 ? link : link.slice(at + 1);
    this.#unread = { fragment, fresh: false, said, deaths: 0 };
    void this.labReady();
  }

  /** Opens the link that waits, if there is one. */
  async labReady(): Promise<void> {
    const link = this.#unread;
    const { client } = this.#session.desk;
    // The next worker reads it.
    if (!link || client.lost) return;
    try {
      const parsed = await client.call('parseLink', [link.fragment]);
      if (this.#unread !== link) return;
      this.#unread = null;
      const { finding } = parsed.view;
      const about = finding !== undefined && finding !== 'none';
      if (about) {
        sought.value = { name: finding, verdict: parsed.verdict };
        this.#about = link.fragment;
      }
      const { lesson: name = 'none', step = 1 } = parsed.view;
      lesson.value = name === 'none' ? null : { name, step };
      // A link to a finding or a lesson alone leaves the network on screen as it is.
      const alone = (about || lesson.peek() !== null) && parsed.recipe.steps.length === 0;
      // What is opened inside the page, a network of a race for example, leaves a class as it is.
      const asTaught = taught(parsed.view);
      if (link.fresh || teaches(asTaught)) teaching.value = asTaught;
      const { score = 0 } = parsed.view;
      claim.value = score > 0 ? { score, network: networkKey(parsed.recipe) } : null;
      if (link.fresh || !alone) this.#session.open(parsed, link.fresh, link.said);
    } catch (error) {
      // A newer one waits.
      if (this.#unread && this.#unread !== link) return;
      const lost = error instanceof WorkerLost;
      if (lost && ++link.deaths < ATTEMPTS) return;
      this.#unread = null;
      if (link.fresh) teaching.value = NOTHING;
      if (lost) {
        notify('problem', 'This link could not be read; the page starts without it.', () => {
          this.#unread = { ...link, deaths: 0 };
          void this.labReady();
        });
      } else {
        notify('problem', error instanceof Error ? error.message : String(error));
      }
      void this.#write();
    }
  }

  async #write(): Promise<void> {
    const { desk, settled: all } = this.#session;
    // A link that waits for its file or for a word stays where it is, to be kept and read anew.
    if (this.#unread || !all || lacking.peek() || offered.peek()) return;
    const at = recipe.peek();
    const bare = location.href.split('#')[0] ?? '';
    let link = this.#about;
    const { name = 'none', step = 1 } = lesson.peek() ?? {};
    const taughtHere = teaching.peek();
    if (at.steps.length > 0 || name !== 'none' || teaches(taughtHere)) {
      try {
        // A claimed score is of one network; another on screen has not reached it.
        const claimed = claim.peek();
        const score = claimed?.network === networkKey(at) ? claimed.score : 0;
        const image = imageIndex.peek();
        const view = { image, lesson: name, step, ...viewOf(taughtHere, score) };
        link = await desk.client.call('formatLink', [at, view, network.peek()?.digest]);
      } catch {
        // The worker is being replaced; the address follows with the next change.
        return;
      }
      if (!this.#session.settled || recipe.peek() !== at) return;
    }
    shareLink.value = link === '' ? bare : `${bare}#${link}`;
    if (location.href !== shareLink.peek() || history.state !== SHOWN) {
      history.replaceState(SHOWN, '', shareLink.peek());
    }
  }
}

/** The link in a hash; nothing where the hash only names a place on the page. */
function fragmentOf(hash: string): string {
  const fragment = hash.replace(/^#/, '');
  return document.getElementById(fragment) ? '' : fragment;
}
