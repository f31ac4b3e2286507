/** A person from the front and from the back whose parts can be pressed. It only mirrors a list that can do the same, so
 * it is hidden from screen readers and the keyboard; whoever uses those has the list. */
import {nothing, svg, type SVGTemplateResult} from "lit";

type Side = "left" | "right"; // the patient's own

interface Part {
  regions: string[]; // what pressing it means; of a limb the one, then both
  side?: Side;
  path: string;
  mirrored: boolean;
}

export interface Pick {
  region: string;
  on: boolean;
}

/** On which side the single arm and the single leg are that have been picked. */
export type Sides = Readonly<Record<string, Side>>;

export interface Labels {
  front: string;
  back: string;
  left: string;
  right: string;
}

type Drawing = [regions: string[], path: string];

// One person, 200 wide and 424 high. What is there twice is drawn on the left of the picture and mirrored.
const HEAD = "M100 8 C113 8 121 18 121 32 C121 46 112 57 100 57 C88 57 79 46 79 32 C79 18 87 8 100 8 Z";
const NECK: Drawing = [["neck"], "M89 60 H111 V72 Q112 80 126 84 H74 Q88 80 89 72 Z"];
const HIP: Drawing = [["hip"], "M59 212 H76 L70 257 Q60 260 52 252 Q52 230 59 212 Z"];
const ARM: Drawing = [
  ["arm_one", "arm_both"],
  "M51 102 Q55 112 54 132 Q50 160 46 182 Q42 212 37 232 Q36 246 28 248 Q20 246 23 230 Q27 204 31 178 Q34 150 38 126 Q40 108 51 102 Z",
];
const ABOVE_KNEE = ["leg_one_above_knee", "leg_both"];
const BELOW_KNEE = ["leg_one_below_knee", "leg_both"];
const FOOT = "Q95 362 88 384 L87 408 Q90 416 86 419 H70 Q68 414 72 408 Q71 392 65 376 Q60 362";

const FRONT = parts(
  [
    NECK,
    [["chest"], "M72 88 H128 Q143 90 144 104 L140 132 L137.4 150 H62.6 L60 132 L56 104 Q57 90 72 88 Z"],
    [["abdomen"], "M63.2 154 H136.8 L134 174 Q136 194 139.4 208 H60.6 Q64 194 66 174 Z"],
    [["groin"], "M80 212 H120 L112 240 Q106 252 100 260 Q94 252 88 240 Z"],
  ],
  [
    HIP,
    ARM,
    [ABOVE_KNEE, "M52 257 Q62 263 73 259 L79 222 L85 242 Q91 256 98 264 Q98 296 94.5 320 H60 Q53 296 52 257 Z"],
    [["knee"], "M60.6 324 H94 Q95.4 337 93.6 350 H62 Q59.4 337 60.6 324 Z"],
    [BELOW_KNEE, `M62 354 H93.4 ${FOOT} 62 354 Z`],
  ],
  "right", // we look at each other
);
const BACK = parts(
  [
    NECK,
    [["upper_back"], "M72 88 H128 Q143 90 144 104 L140 132 H60 L56 104 Q57 90 72 88 Z"],
    [["mid_back"], "M60.5 136 H139.5 L134 172 H66 Z"],
    [["lower_back"], "M66 176 H134 Q136 194 140 208 H60 Q64 194 66 176 Z"],
    [["buttock"], "M80 212 H120 L126 258 Q113 264 100 258 Q87 264 74 258 Z"],
  ],
  [
    HIP,
    ARM,
    [ABOVE_KNEE, "M52 257 Q62 264 72 262 Q86 268 98 263 Q98 300 93 334 H62 Q53 300 52 257 Z"],
    [BELOW_KNEE, `M62 338 H92.5 ${FOOT} 62 338 Z`],
  ],
  "left",
);

function parts(middle: Drawing[], twice: Drawing[], drawnOn: Side): Part[] {
  const sides: [Side, boolean][] = [[drawnOn, false], [drawnOn === "left" ? "right" : "left", true]];
  return [
    ...middle.map(([regions, path]) => ({regions, path, mirrored: false})),
    ...twice.flatMap(([regions, path]) => sides.map(([side, mirrored]) => ({regions, side, path, mirrored}))),
  ];
}

const limb = (region: string): string => region.slice(0, 3); // arm or leg

/** What pressing a part changes: a part of the trunk is switched; a second arm or leg makes it both. */
function press(part: Part, picked: ReadonlySet<string>, sides: Sides): Pick[] {
  const [one = "", both] = part.regions;
  if (!both) return [{region: one, on: !picked.has(one)}];
  const other = [...picked].filter((each) => limb(each) === limb(one));
  const off = other.map((region) => ({region, on: false}));
  if (picked.has(both)) return off;
  if (other.length && sides[limb(one)] !== part.side) return [...off, {region: both, on: true}];
  return picked.has(one) ? off : [...off, {region: one, on: true}];
}

/** The picture.
 *
 * `offered`: the regions that can be picked at all; `sides` comes back with each press.
 */
export function bodyMap(
  offered: ReadonlySet<string>,
  picked: ReadonlySet<string>,
  sides: Sides,
  labels: Labels,
  changed: (picks: Pick[], sides: Sides) => void,
): SVGTemplateResult {
  const lit = ({regions: [one = "", both], side}: Part): boolean =>
    both ? picked.has(both) || (picked.has(one) && side === (sides[limb(one)] ?? "right")) : picked.has(one);
  const pressed = (part: Part): void => {
    const {regions: [one = ""], side} = part;
    const now: Sides = {[limb(one)]: "right", ...sides}; // picked in the list, where no side is asked
    changed(press(part, picked, now), side && part.regions.length > 1 ? {...now, [limb(one)]: side} : sides);
  };
  const draw = (part: Part): SVGTemplateResult => svg`<path d=${part.path} data-region=${part.regions[0] ?? ""}
    class=${!offered.has(part.regions[0] ?? "") ? "skin" : lit(part) ? "part lit" : "part"}
    transform=${part.mirrored ? "matrix(-1 0 0 1 200 0)" : nothing}
    @click=${() => offered.has(part.regions[0] ?? "") && pressed(part)}></path>`;
  const figure = (name: "front" | "back", all: Part[], at: number, first: string, last: string): SVGTemplateResult => svg`
    <g class=${name} transform="translate(${at} 22)">
      <text x="100" y="-4" text-anchor="middle" class="view">${labels[name]}</text>
      <path class="skin" d=${HEAD}></path>
      ${all.map(draw)}
      ${name === "back" ? svg`<path class="spine" d="M100 66 V208"></path>` : nothing}
      <text x="12" y="414">${first}</text><text x="188" y="414" text-anchor="end">${last}</text>
    </g>`;
  return svg`${figure("front", FRONT, 0, labels.right, labels.left)}
    ${figure("back", BACK, 200, labels.left, labels.right)}`;
}
