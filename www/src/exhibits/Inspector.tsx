/** Everything known about the unit under the pointer or the keyboard. */
import { useCallback } from 'preact/hooks';
import { count, short } from '../plots/measured';
import { PIXELS, paintSigned, signedScale } from '../plots/weightMap';
import { distortion, image, tiles } from '../state';
import { ink } from './parts/ink';
import { Pixels } from './parts/Pixels';
import { prunedNow } from './parts/plan';
import { pointed } from './parts/pointed';

const WIDTH = 312;
const HEIGHT = 150;

/** The place of a value among others, from 1 for the largest. */
const rank = (values: readonly number[], value: number) =>
  1 + values.reduce((larger, other) => larger + (other > value ? 1 : 0), 0);

export function Inspector() {
  const at = pointed.value;
  const patterns = at ? (tiles.value?.layers[at.layer]?.patterns ?? null) : null;
  const colours = ink.value;
  const unit = at?.unit ?? 0;
  const paint = useCallback(
    (out: Uint32Array) => {
      if (!patterns) return;
      const own = patterns.subarray(unit * PIXELS, (unit + 1) * PIXELS);
      paintSigned(own, signedScale(own), colours.signed, out);
    },
    [patterns, unit, colours],
  );
  if (!at || !patterns) return null;

  const layer = distortion.value?.layers[at.layer];
  const activation = image.value?.layers[at.layer];
  const cut = prunedNow.value[at.layer]?.has(unit) ?? false;
  const value = layer?.units[unit];
  const left =
    at.near.right + 10 + WIDTH < innerWidth
      ? at.near.right + 10
      : Math.max(8, at.near.left - 10 - WIDTH);
  const top = Math.min(Math.max(8, at.near.top - 20), innerHeight - HEIGHT - 8);
  return (
    <aside class="inspector" aria-hidden="true" style={{ left: `${left}px`, top: `${top}px` }}>
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
        <p class="muted small">{cut ? 'press to restore' : 'press to cut, drag for more'}</p>
      </div>
    </aside>
  );
}
