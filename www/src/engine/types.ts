/**
 * Every type that crosses between Rust and the page is written once, in Rust, and read here from
 * what the build generates. A few take the names that the page knows them by.
 */
export type {
  AttackBlock,
  AttackParams as AttackSettings,
  ChunkInfo,
  Count,
  checkRecipe,
  DataStatus,
  DistortionResult,
  formatLink,
  GalleryItem,
  ImageAttack,
  Job,
  JobResult,
  Lab,
  Manifest,
  Method as AttackMethod,
  NetworkFacts,
  ParsedLink,
  Progress,
  PruneParams as PruneSettings,
  parseLink,
  Recipe,
  ScoreParams as ScoreSettings,
  Scores,
  Set as ImageSet,
  Step,
  TrainParams as TrainSettings,
  View,
} from '../generated/secateurs';
