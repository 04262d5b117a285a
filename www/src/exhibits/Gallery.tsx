/** The first test images; those that the attack flips say so. */
import { useComputed } from '@preact/signals';
import { useCallback } from 'preact/hooks';
import { selectImage } from '../actions';
import { ownImages } from '../bring/state';
import { paintInk } from '../plots/weightMap';
import {
  data,
  drawing,
  drawn,
  gallery,
  image,
  imageIndex,
  picture,
  rawDigits,
  slow,
  subject,
} from '../state';
import { drawingOpen, openDrawing } from './parts/drawingOpen';
import { Explained } from './parts/explained';
import { ink } from './parts/ink';
import { Pixels } from './parts/Pixels';
import { Place } from './parts/Place';
import { read } from './parts/reading';

const SHOWN = 24;

function Thumb({ index }: { index: number }) {
  const item = useComputed(() => gallery.value.find((entry) => entry.index === index)).value;
  const raw = useComputed(() => rawDigits.value[index]).value;
  const chosen = useComputed(() => subject.value === 'test' && imageIndex.value === index).value;
  const stop = useComputed(
    () => imageIndex.value === index || (index === 0 && imageIndex.value >= SHOWN),
  ).value;
  const colours = ink.value;
  const pixels = item?.pixels ?? raw?.pixels;
  const paint = useCallback(
    (out: Uint32Array) => paintInk(pixels ?? [], 255, colours.digits, out),
    [pixels, colours],
  );
  const label = item?.label ?? raw?.label;
  const flipped = item !== undefined && item.attacked !== item.clean;
  const misread = item !== undefined && item.clean !== item.label;
  const caption = item
    ? flipped
      ? `${item.clean} → ${item.attacked}`
      : misread
        ? `as ${item.clean}`
        : `${item.clean}`
    : label;
  const said = item
    ? `Test image ${index}, a ${item.label}, read as ${item.clean}, attacked read as ${item.attacked}`
    : `Test image ${index}${label === undefined ? '' : `, a ${label}`}`;
  return (
    <button
      type="button"
      aria-pressed={chosen}
      aria-label={said}
      title={said}
      tabIndex={stop ? 0 : -1}
      data-index={index}
      class={`thumb ${flipped ? 'flipped' : ''} ${misread ? 'misread' : ''}`}
      disabled={pixels === undefined}
      onClick={() => selectImage(index)}
    >
      <Pixels paint={paint} />
      <span class="caption">{caption ?? ''}</span>
    </button>
  );
}

/** The visitor's own digit, beside those of the test set. */
function Own() {
  const chosen = useComputed(() => subject.value === 'drawing').value;
  const open = drawingOpen.value;
  const brought = useComputed(() => picture.value !== null).value;
  const any = useComputed(() => drawing.value.length > 0).value || brought;
  const digits = useComputed(() => {
    const attacked = image.value;
    if (attacked?.index !== -1) return null;
    return { clean: read(attacked.clean), attacked: read(attacked.attacked) };
  }).value;
  const flipped = digits !== null && digits.clean !== digits.attacked;
  const colours = ink.value;
  const paint = useCallback(
    (out: Uint32Array) => paintInk(drawn.value, 255, colours.digits, out),
    [drawn.value, colours],
  );
  return (
    <button
      type="button"
      class={`thumb own ${flipped ? 'flipped' : ''}`}
      aria-pressed={chosen}
      aria-expanded={open}
      data-testid="draw-button"
      onClick={openDrawing}
    >
      {any ? (
        <Pixels paint={paint} />
      ) : (
        <span class="pixels blank">
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d="M2.5 13.5l.8-3.2 7.6-7.6a1.2 1.2 0 0 1 1.7 0l.7.7a1.2 1.2 0 0 1 0 1.7l-7.6 7.6z" />
          </svg>
        </span>
      )}
      <span class="caption">
        {flipped
          ? `${digits.clean} → ${digits.attacked}`
          : brought
            ? 'your picture'
            : 'draw your own'}
        {flipped && <span class="heard"> Draw your own digit</span>}
      </span>
    </button>
  );
}

export function Gallery() {
  const any = useComputed(() => rawDigits.value.length > 0 || gallery.value.length > 0).value;
  const flipped = useComputed(
    () => gallery.value.filter((item) => item.attacked !== item.clean).length,
  ).value;
  const attacked = useComputed(() => gallery.value.length).value;
  // One's own test images may be fewer.
  const shown = useComputed(() => Math.min(SHOWN, data.value.testTotal || SHOWN)).value;
  const walk = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const next = (imageIndex.value + by + shown) % shown;
    selectImage(next);
    const row = event.currentTarget as HTMLElement;
    row.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus();
  };
  const summary = slow.value.gallery
    ? 'Being attacked.'
    : attacked
      ? `${flipped} of ${attacked} flipped by the attack.`
      : any
        ? 'Choose one.'
        : 'The first test images will be here once they are loaded.';
  return (
    <section class="gallery" aria-labelledby="gallery-title" data-testid="gallery">
      <div class="gallery-head">
        <h2 id="gallery-title">{ownImages.value ? 'Your test images' : 'Test images'}</h2>
        <p class="muted small">
          {attacked > 0 && !slow.value.gallery ? (
            <Explained of={['gallery']}>{summary}</Explained>
          ) : (
            summary
          )}
        </p>
      </div>
      <div class="thumbs" role="toolbar" aria-labelledby="gallery-title" onKeyDown={walk}>
        {Array.from({ length: shown }, (_, index) => (
          <Thumb key={index} index={index} />
        ))}
      </div>
      <Place name="draw">
        <Own />
      </Place>
    </section>
  );
}
