/** How the tiles are sorted, what they show, and what a press on them does: one line of switches. */
import { useComputed } from '@preact/signals';
import { showDeepTiles } from '../../actions';
import { deepTiles, distortion, imageTiles, tiles } from '../../state';
import { Switch } from '../parts/Switch';
import { type Order, order, type Tool, tool, zoom, zoomBy, zoomMost } from '../parts/tileState';

/** How far one press zooms. */
const STEP = 1.4;

const ORDERS: { value: Order; label: string; title: string }[] = [
  { value: 'index', label: 'by number', title: 'Units in their own order' },
  { value: 'distortion', label: 'by distortion', title: 'The most distorted units first' },
];

const TOOLS: { value: Tool; label: string; title: string }[] = [
  { value: 'press', label: 'press', title: 'Press a tile to cut it; drag to cut more' },
  { value: 'lasso', label: 'lasso', title: 'Draw a line around tiles to cut them' },
];

function Zoom() {
  const now = zoom.value;
  const most = zoomMost.value;
  return (
    <fieldset class="zoom">
      <legend class="heard">Zoom of the tiles</legend>
      <button
        type="button"
        aria-label="Smaller tiles"
        title="Smaller tiles (− on the tiles)"
        disabled={now <= 1}
        onClick={() => zoomBy(1 / STEP)}
      >
        −
      </button>
      <button
        type="button"
        aria-label="All tiles in sight"
        title="All tiles in sight (0 on the tiles)"
        data-testid="zoom-fit"
        disabled={now <= 1}
        onClick={() => zoomBy()}
      >
        {Math.round(100 * now)} %
      </button>
      <button
        type="button"
        aria-label="Larger tiles"
        title="Larger tiles (+ on the tiles, or Ctrl and the wheel)"
        data-testid="zoom-in"
        disabled={now >= most - 0.01}
        onClick={() => zoomBy(STEP)}
      >
        +
      </button>
    </fieldset>
  );
}

export function Tools() {
  const deep = useComputed(() => (tiles.value?.layers.length ?? 0) > 1).value;
  const sortable = useComputed(() => distortion.value !== null).value;
  const onImage = useComputed(() => imageTiles.value !== null).value;
  const shown = deepTiles.value;
  const options = [
    {
      value: 'patterns' as const,
      label: onImage ? 'pattern on this image' : 'pattern',
      title: onImage
        ? 'From layer 2 on: what a unit looks for through the units that are active on this image'
        : 'From layer 2 on: what a unit looks for, the product of all weights below it',
    },
    {
      value: 'weights' as const,
      label: 'incoming weights',
      title: 'From layer 2 on: the weights from the layer before, placed as its tiles are',
    },
  ];
  return (
    <>
      <Switch
        legend="What a press on the tiles does"
        name="tile-tool"
        options={TOOLS}
        value={tool.value}
        onValue={(next) => {
          tool.value = next;
        }}
      />
      {sortable && (
        <Switch
          legend="Order of the tiles"
          name="tile-order"
          options={ORDERS}
          value={order.value}
          onValue={(next) => {
            order.value = next;
          }}
        />
      )}
      {deep && (
        <Switch
          legend="Tiles from layer 2 on"
          name="tile-shows"
          options={options}
          value={shown}
          onValue={showDeepTiles}
        />
      )}
      <Zoom />
    </>
  );
}
