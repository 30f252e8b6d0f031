// Where the journeys live and where they leave what they saw.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const here = dirname(dirname(fileURLToPath(import.meta.url)));
export const artefacts = join(here, "artefacts");
