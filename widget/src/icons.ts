/** Small line drawings; they say nothing to a screen reader, the buttons around them do. */
import {svg, html, type TemplateResult} from "lit";

const draw = (path: string): TemplateResult =>
  html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${svg`<path d=${path}></path>`}</svg>`;

export const chat = draw("M4 5h16v11H9l-5 4z M8 9h8 M8 12h5");
export const close = draw("M6 6l12 12 M18 6L6 18");
export const down = draw("M6 9l6 6 6-6");
export const more = draw("M12 4.5a.5.5 0 1 0 .01 0z M12 11.5a.5.5 0 1 0 .01 0z M12 18.5a.5.5 0 1 0 .01 0z");
export const phone = draw("M6 4h4l1.5 5-2.5 1.5a12 12 0 0 0 4.5 4.5L15 12.5l5 1.5v4a2 2 0 0 1-2 2A14 14 0 0 1 4 6a2 2 0 0 1 2-2z");
export const send = draw("M4 12l16-8-6 16-3-6z");
export const edit = draw("M4 20l1-4L16 5l3 3L8 19z");
export const alert = draw("M12 3l10 18H2z M12 10v5 M12 18v.01");
export const spine = draw("M12 3v18 M8.5 5.5h7 M8 10h8 M8 14.5h8 M8.5 19h7");
