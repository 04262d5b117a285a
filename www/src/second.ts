/**
 * What the first screen does without, in one piece: fetched as soon as the page stands (see
 * `exhibits/parts/soon.tsx`), so that it is there before anybody can need it.
 */
import './styles/about.css';
import './styles/forced.css';
import './styles/print.css';

export { About } from './exhibits/About';
export { Announcer } from './exhibits/Announcer';
export { Checks } from './exhibits/Checks';
export { Curve } from './exhibits/Curve';
export { Bars } from './exhibits/DistortionBars';
export { Draw } from './exhibits/Draw';
export { Inspector } from './exhibits/Inspector';
export { Learn, LearnMore } from './exhibits/Learn';
export { Printed } from './exhibits/Printed';
export { Resume } from './exhibits/Resume';
export { Security } from './exhibits/Security';
export { ShareDialog } from './exhibits/ShareDialog';
export { Steps } from './exhibits/Steps';
export { Trajectory } from './exhibits/Trajectory';
export { keeper } from './storage';
