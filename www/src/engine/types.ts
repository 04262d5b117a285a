/**
 * Every type that crosses between Rust and the page is written once, in Rust, and read here from
 * what the build generates.
 */
export type {
  AttackBlock,
  AttackMethod,
  AttackSettings,
  ChunkInfo,
  Count,
  checkRecipe,
  DataStatus,
  DistortionResult,
  formatLink,
  GalleryItem,
  ImageAttack,
  ImageSet,
  Job,
  JobResult,
  Lab,
  Manifest,
  NetworkFacts,
  ParsedLink,
  Progress,
  PruneSettings,
  parseLink,
  Recipe,
  ScoreSettings,
  Scores,
  Step,
  TrainSettings,
  View,
} from './contract';
