/** A picture of the back whose parts can be pressed. It only mirrors a list that can do the same, so it is hidden from
 * screen readers and the keyboard; whoever uses those has the list. */
import {nothing, svg, type SVGTemplateResult} from "lit";

interface Part {
  regions: string[]; // what pressing it means: the first that is offered; "both" of a pair comes second
  side?: "left" | "right";
  path: string;
}

// One person seen from behind, 200 wide and 430 high. Limbs are drawn on the left and mirrored.
const TRUNK: [string, string][] = [
  ["neck", "M89 60 H111 V72 Q112 80 126 84 H74 Q88 80 89 72 Z"],
  ["upper_back", "M72 88 H128 Q143 90 144 104 L140 132 H60 L56 104 Q57 90 72 88 Z"],
  ["mid_back", "M60.5 136 H139.5 L134 172 H66 Z"],
  ["lower_back", "M66 176 H134 Q136 194 140 208 H60 Q64 194 66 176 Z"],
  ["buttock", "M80 212 H120 L126 258 Q113 264 100 258 Q87 264 74 258 Z"],
];
const LIMBS: [string[], string][] = [
  [["hip"], "M59 212 H76 L70 257 Q60 260 52 252 Q52 230 59 212 Z"],
  [
    ["arm_one", "arm_both"],
    "M51 102 Q55 112 54 132 Q50 160 46 182 Q42 212 37 232 Q36 246 28 248 Q20 246 23 230 Q27 204 31 178 Q34 150 38 126 Q40 108 51 102 Z",
  ],
  [["leg_one_above_knee", "leg_both"], "M52 257 Q62 264 72 262 Q86 268 98 263 Q98 300 93 334 H62 Q53 300 52 257 Z"],
  [
    ["leg_one_below_knee", "leg_both"],
    "M62 338 H92.5 Q95 362 88 384 L87 408 Q90 416 86 419 H70 Q68 414 72 408 Q71 392 65 376 Q60 356 62 338 Z",
  ],
];
const PARTS: Part[] = [
  ...TRUNK.map(([region, path]) => ({regions: [region], path})),
  ...LIMBS.flatMap(([regions, path]) => (["left", "right"] as const).map((side) => ({regions, side, path}))),
];

const pairOf = (region: string): string => region.slice(0, 3); // arm or leg

export interface Pick {
  region: string;
  on: boolean;
}

/** What pressing a part changes: a part of the trunk is switched; a second arm or leg makes it both. */
function press(part: Part, picked: ReadonlySet<string>, side: string | undefined): Pick[] {
  const [one = "", both] = part.regions;
  if (!both) return [{region: one, on: !picked.has(one)}];
  const other = [...picked].filter((each) => pairOf(each) === pairOf(one));
  const off = other.map((region) => ({region, on: false}));
  if (picked.has(both)) return off;
  if (other.length && side !== part.side) return [...off, {region: both, on: true}];
  return picked.has(one) ? off : [...off, {region: one, on: true}];
}

/** The picture. `side`: on which side the single arm or leg is that has been picked. */
export function bodyMap(
  picked: ReadonlySet<string>,
  side: string | undefined,
  changed: (picks: Pick[], side: string | undefined) => void,
): SVGTemplateResult {
  const lit = (part: Part): boolean => {
    const [one = "", both = ""] = part.regions;
    return picked.has(both) || (picked.has(one) && (!part.side || part.regions.length === 1 || part.side === (side ?? "right")));
  };
  return svg`
    <path class="skin" d="M100 8 C113 8 121 18 121 32 C121 46 112 57 100 57 C88 57 79 46 79 32 C79 18 87 8 100 8 Z"></path>
    ${PARTS.map(
      (part) => svg`<path class=${lit(part) ? "part lit" : "part"} d=${part.path} data-region=${part.regions[0] ?? ""}
        transform=${part.side === "right" ? "matrix(-1 0 0 1 200 0)" : nothing}
        @click=${() => changed(press(part, picked, side ?? "right"), part.side ?? side)}></path>`,
    )}
    <path class="spine" d="M100 66 V208"></path>`;
}
