/** The visitor's own digit, drawn beside the network that reads and is misled by it. */
import { useComputed } from '@preact/signals';
import { useCallback, useEffect, useRef } from 'preact/hooks';
import { train } from '../actions';
import { bringOpen } from '../bring/state';
import { clearDrawing, undoStroke } from '../drawing/actions';
import { isEmpty } from '../drawing/normalise';
import { paintInk } from '../plots/weightMap';
import { drawing, drawn, engine, image, network, picture, subject, training } from '../state';
import { drawingOpen } from './parts/drawingOpen';
import { narrow } from './parts/hooks';
import { ink } from './parts/ink';
import { Pixels } from './parts/Pixels';
import { read } from './parts/reading';
import { Surface } from './parts/Surface';

/** Where the network stands on the drawing, in one sentence. */
function Status() {
  const has = useComputed(() => network.value !== null).value;
  const busy = useComputed(() => training.value.phase !== 'idle').value;
  const ready = useComputed(() => engine.value.phase === 'ready').value;
  const empty = useComputed(() => isEmpty(drawn.value)).value;
  const digits = useComputed(() => {
    const attacked = image.value;
    if (attacked?.index !== -1) return null;
    return { clean: read(attacked.clean), attacked: read(attacked.attacked) };
  }).value;
  if (busy) {
    return <p role="status">The network is being trained; it reads your drawing afterwards.</p>;
  }
  if (!has) {
    return (
      <p role="status">
        There is no network to read it yet.{' '}
        <button type="button" class="link" disabled={!ready} onClick={train}>
          Train one
        </button>
      </p>
    );
  }
  if (empty) return <p role="status">Draw a digit: it is read and attacked as you draw.</p>;
  if (!digits) return <p role="status">Being read.</p>;
  return (
    <p role="status" data-testid="drawing-status">
      Read as <b>{digits.clean}</b>,{' '}
      {digits.attacked === digits.clean ? (
        <>
          attacked still as <b>{digits.attacked}</b>.
        </>
      ) : (
        <>
          attacked as <b class="wrong">{digits.attacked}</b>.
        </>
      )}
    </p>
  );
}

export function Draw() {
  const open = drawingOpen.value;
  const box = useRef<HTMLElement>(null);
  const chosen = useComputed(() => subject.value === 'drawing').value;
  const none = useComputed(() => drawing.value.length === 0).value;
  const brought = useComputed(() => picture.value !== null).value;
  const colours = ink.value;
  const paint = useCallback(
    (out: Uint32Array) => paintInk(picture.value ?? [], 255, colours.digits, out),
    [picture.value, colours],
  );
  // Choosing a test image puts the drawing aside.
  useEffect(() => {
    if (!chosen) drawingOpen.value = false;
  }, [chosen]);
  useEffect(() => {
    if (!open) return;
    // What is drawn is read and attacked up there; on a small screen it may be out of sight.
    const equation = document.querySelector('.equation');
    const sheet = box.current?.getBoundingClientRect();
    if (!equation || !sheet) return;
    const { top, bottom } = equation.getBoundingClientRect();
    const hidden = narrow.value ? bottom > sheet.top : top > innerHeight / 2;
    if (top < 0 || hidden) equation.scrollIntoView({ block: 'start' });
  }, [open]);
  if (!open) return null;
  const close = () => {
    drawingOpen.value = false;
    document.querySelector<HTMLElement>('[data-testid="draw-button"]')?.focus();
  };
  /** A button that has nothing left to do would take the keyboard's place on the page with it. */
  const then = (act: () => void) => () => {
    act();
    box.current?.querySelector<HTMLElement>('.surface')?.focus({ preventScroll: true });
  };
  return (
    <section
      ref={box}
      class="draw"
      aria-labelledby="draw-title"
      data-testid="draw"
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
      }}
    >
      <div class="draw-head">
        <h2 id="draw-title">{brought ? 'Your picture' : 'Draw a digit'}</h2>
        <button type="button" class="button plain" onClick={close}>
          Close
        </button>
      </div>
      {brought ? (
        <>
          <Pixels
            paint={paint}
            label="Your picture in 28 × 28 pixels"
            className="brought-picture"
          />
          <button type="button" class="link" onClick={clearDrawing}>
            Draw a digit instead
          </button>
        </>
      ) : (
        <Surface />
      )}
      <div class="draw-foot">
        <Status />
        <div class="buttons">
          {!brought && (
            <>
              <button type="button" class="button" disabled={none} onClick={then(undoStroke)}>
                Undo stroke
              </button>
              <button type="button" class="button" disabled={none} onClick={then(clearDrawing)}>
                Clear
              </button>
            </>
          )}
          <button
            type="button"
            class="button plain"
            onClick={() => {
              bringOpen.value = true;
            }}
          >
            {brought ? 'Another picture' : 'Or a picture'}
          </button>
        </div>
        <p class="muted small">
          Fitted to 20 × 20 pixels and centred by its mass, as MNIST was (LeCun et al. 1998).
        </p>
      </div>
    </section>
  );
}
