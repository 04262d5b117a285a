/** What of the network view is fetched once there is a network. */
export { Connections } from './Connections';
export { Lasso } from './Lasso';
export { BrushTools, PixelBrush } from './PixelBrush';
export { Tools } from './Tools';
