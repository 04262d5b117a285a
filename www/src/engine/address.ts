/** The address bar: it always holds the link to what is on screen, and links open from it. */
import { effect } from '@preact/signals';
import { lacking } from '../bring/state';
import { imageIndex, network, recipe, shareLink } from '../state';
import { sought } from '../trialsState';
import { WorkerLost } from './client';
import { settled } from './frame';
import { notify } from './notices';
import type { Session } from './session';

/** So long nothing may have moved before the address follows. */
const SETTLED_MS = 300;

export class AddressBar {
  readonly #session: Session;
  /** A fragment that waits for the worker that can read it. */
  #unread: { fragment: string; fresh: boolean } | null = null;
  /** The newest link to a finding: what the address says while there is no network. */
  #about = '';

  constructor(session: Session) {
    this.#session = session;
  }

  /** Returns what stops it. */
  start(): () => void {
    const fragment = fragmentOf(location.hash);
    if (fragment) this.#unread = { fragment, fresh: true };
    const opened = () => {
      const changed = fragmentOf(location.hash);
      if (!changed || location.href === shareLink.peek()) return;
      this.#unread = { fragment: changed, fresh: false };
      void this.labReady();
    };
    addEventListener('hashchange', opened);
    const write = settled(() => void this.#write(), SETTLED_MS);
    const stop = effect(() => {
      // Whatever a link holds.
      void [recipe.value, imageIndex.value, network.value, lacking.value];
      write();
    });
    return () => {
      removeEventListener('hashchange', opened);
      stop();
    };
  }

  /** Opens the link that waits, if there is one. */
  async labReady(): Promise<void> {
    const link = this.#unread;
    if (!link) return;
    try {
      const parsed = await this.#session.desk.client.call('parseLink', [link.fragment]);
      this.#unread = null;
      const { finding } = parsed.view;
      const about = finding !== undefined && finding !== 'none';
      if (about) {
        sought.value = { name: finding, verdict: parsed.verdict };
        this.#about = link.fragment;
      }
      // A link to a finding alone leaves the network on screen as it is.
      const alone = about && parsed.recipe.steps.length === 0;
      if (link.fresh || !alone) this.#session.open(parsed, link.fresh);
    } catch (error) {
      this.#unread = null;
      if (error instanceof WorkerLost) {
        notify('problem', 'This link could not be read; the page starts without it.');
      } else {
        notify('problem', error instanceof Error ? error.message : String(error));
      }
      void this.#write();
    }
  }

  async #write(): Promise<void> {
    const { desk, settled: all } = this.#session;
    // A link whose file is still to be brought in stays where it is, to be kept and read anew.
    if (this.#unread || !all || lacking.peek()) return;
    const at = recipe.peek();
    const bare = location.href.split('#')[0] ?? '';
    let link = this.#about;
    if (at.steps.length > 0) {
      try {
        const view = { image: imageIndex.peek() };
        link = await desk.client.call('formatLink', [at, view, network.peek()?.digest]);
      } catch {
        // The worker is being replaced; the address follows with the next change.
        return;
      }
      if (!this.#session.settled || recipe.peek() !== at) return;
    }
    shareLink.value = link === '' ? bare : `${bare}#${link}`;
    if (location.href !== shareLink.peek()) history.replaceState(null, '', shareLink.peek());
  }
}

/** The link in a hash; nothing where the hash only names a place on the page. */
function fragmentOf(hash: string): string {
  const fragment = hash.replace(/^#/, '');
  return document.getElementById(fragment) ? '' : fragment;
}
