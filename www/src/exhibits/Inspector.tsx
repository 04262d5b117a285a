/** Everything known about the unit under the pointer or the keyboard, down to its arithmetic. */
import { useSignalEffect } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { count, short } from '../plots/measured';
import { rank } from '../plots/ranking';
import { PIXELS, paintSigned, signedScale } from '../plots/weightMap';
import { distortion, image } from '../state';
import { ink } from './parts/ink';
import { portraitsOf } from './parts/layerAtlas';
import { Pixels } from './parts/Pixels';
import { LOCKED, useMay } from './parts/Place';
import { prunedNow } from './parts/plan';
import { pointed, type Unit } from './parts/pointed';

/** Whoever only passes by gets the figures; whoever stays, where they come from. */
const REST_MS = 900;
const GAP = 10;
const EDGE = 8;

type Sum = ComponentType<Unit>;

/** The code that shows a unit's arithmetic, once it has been wanted. */
let fetched: Sum | null = null;

/** Whether the pointer, or the keyboard, has come to rest on a unit. */
function useRested(layer: number, unit: number): Sum | null {
  const [rested, setRested] = useState<{ layer: number; unit: number; as: Sum } | null>(null);
  useEffect(() => {
    if (unit < 0) return;
    let wanted = true;
    const timer = setTimeout(async () => {
      try {
        fetched ??= (await import('./arithmetic/UnitSum')).UnitSum;
        if (wanted && fetched) setRested({ layer, unit, as: fetched });
      } catch {
        // Offline, say: the figures above are there all the same.
      }
    }, REST_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [layer, unit]);
  return rested?.layer === layer && rested.unit === unit ? rested.as : null;
}

export function Inspector() {
  const at = pointed.value;
  const box = useRef<HTMLElement>(null);
  const patterns = at ? portraitsOf(at.layer) : null;
  const colours = ink.value;
  const unit = at?.unit ?? 0;
  const { hidden: off, locked: fixed } = useMay('network');
  const Rested = useRested(at?.layer ?? -1, at?.unit ?? -1);
  const paint = useCallback(
    (out: Uint32Array) => {
      if (!patterns) return;
      const own = patterns.subarray(unit * PIXELS, (unit + 1) * PIXELS);
      paintSigned(own, signedScale(own), colours.signed, out);
    },
    [patterns, unit, colours],
  );
  const shown = at !== null && patterns !== null;
  /** As large as the card was last: asking for it now would lay out the page at every move. */
  const size = useRef({ width: 0, height: 0 });
  const place = () => {
    const [card, now] = [box.current, pointed.peek()];
    if (!card || !now) return;
    const { near } = now;
    const { width, height } = size.current;
    const right = near.right + GAP;
    const fits = right + width < innerWidth;
    const x = fits ? right : Math.max(EDGE, near.left - GAP - width);
    const y = Math.max(EDGE, Math.min(near.top - 20, innerHeight - height - EDGE));
    card.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
  };
  useLayoutEffect(() => {
    const card = box.current;
    if (!card || !shown) return;
    const observer = new ResizeObserver(() => {
      size.current = { width: card.offsetWidth, height: card.offsetHeight };
      place();
    });
    observer.observe(card);
    return () => observer.disconnect();
  }, [shown]);
  useLayoutEffect(place, [at]);
  useSignalEffect(() => {
    if (pointed.value === null) return;
    const away = (event: KeyboardEvent) => {
      if (event.key === 'Escape') pointed.value = null;
    };
    addEventListener('keydown', away);
    return () => removeEventListener('keydown', away);
  });
  if (!at || !patterns) return null;

  const layer = distortion.value?.layers[at.layer];
  const activation = image.value?.layers[at.layer];
  const cut = prunedNow.value[at.layer]?.has(unit) ?? false;
  const value = layer?.units[unit];
  return (
    <aside class="inspector" aria-hidden="true" ref={box}>
      <Pixels paint={paint} className="portrait" />
      <div>
        <p class="strong">
          layer {at.layer + 1}, unit {unit}
          {cut && <span class="muted"> · cut</span>}
        </p>
        <dl>
          {layer && value !== undefined && (
            <>
              <dt>distortion</dt>
              <dd>
                <b>{short(value)}</b>{' '}
                <span class="muted">
                  {count(rank(layer.units, value))} of {count(layer.units.length)}
                </span>
              </dd>
              <dt>relative</dt>
              <dd>
                <b>{short(layer.relative[unit] ?? 0)}</b> <span class="muted">× std of z</span>
              </dd>
            </>
          )}
          {activation && (
            <>
              <dt>this image</dt>
              <dd>
                {short(activation.clean[unit] ?? 0)} → {short(activation.attacked[unit] ?? 0)}
              </dd>
            </>
          )}
        </dl>
        {!off && (
          <p class="muted small">
            {fixed ? LOCKED : cut ? 'press to restore' : 'press to cut, drag for more'}
          </p>
        )}
      </div>
      {Rested && <Rested layer={at.layer} unit={unit} />}
    </aside>
  );
}
