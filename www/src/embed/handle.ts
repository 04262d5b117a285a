/**
 * The handle of an embedding page: what it asks is checked and done, and it is told what becomes
 * of it. The page asked is the window around this one and no other; what it is told of the lab
 * goes to it alone, once it has asked for something.
 */
import { effect } from '@preact/signals';
import { openLink, redo, selectImage, train, undo } from '../actions';
import { prune } from '../cutActions';
import { type Figure, figures, imageIndex, network, notices, shareLink, training } from '../state';
import { pageAddress } from './exhibits';
import { type Command, readMessage, targetOf } from './messages';

/** News within so many milliseconds is one message. */
const QUIET_MS = 200;

type Said = { say: string; [more: string]: unknown };

const told = (figure: Figure | null) => figure && { ...figure };

/** What is on screen, for whoever asks. */
function snapshot(): Said {
  const { clean, transfer, adaptive, certified } = figures.peek();
  return {
    say: 'changed',
    link: shareLink.peek() === '' ? '' : pageAddress(shareLink.peek()),
    digest: network.peek()?.digest ?? null,
    image: imageIndex.peek(),
    busy: training.peek().phase !== 'idle',
    figures: {
      clean: told(clean),
      transfer: told(transfer),
      adaptive: told(adaptive),
      certified: told(certified),
    },
  };
}

/** Begins to listen; `start` brings the engine, which an embedded page has only once it needs it. */
export function listen(start: () => void, root: HTMLElement): void {
  if (window.parent === window) return;
  const { parent } = window;
  let host: string | null = null;
  const post = (message: Said, target: string) =>
    parent.postMessage({ secateurs: 1, ...message }, target);
  const tell = (message: Said) => {
    if (host !== null) post(message, host);
  };

  const act = (command: Command) => {
    if (command.do === 'get') return tell(snapshot());
    start();
    if (command.do === 'open') openLink(command.link, false);
    else if (command.do === 'select') selectImage(command.image);
    else ({ undo, redo, train, prune })[command.do]();
  };
  addEventListener('message', (event: MessageEvent) => {
    if (event.source !== parent) return;
    const asked = readMessage(event.data);
    if (!asked) return;
    host = targetOf(event.origin);
    if ('problem' in asked) tell({ say: 'problem', sentence: asked.problem });
    else act(asked.command);
  });

  let due = false;
  effect(() => {
    void [shareLink.value, network.value, figures.value, imageIndex.value, training.value.phase];
    if (due) return;
    due = true;
    setTimeout(() => {
      due = false;
      tell(snapshot());
    }, QUIET_MS);
  });
  let last = 0;
  effect(() => {
    for (const { id, sentence } of notices.value) {
      if (id > last) tell({ say: 'problem', sentence });
      last = Math.max(last, id);
    }
  });

  // These two say nothing of the visitor, so they may be heard before anything was asked.
  const observer = new ResizeObserver(() => {
    post({ say: 'size', height: Math.ceil(root.getBoundingClientRect().height) }, '*');
  });
  observer.observe(root);
  post({ say: 'ready' }, '*');
}
