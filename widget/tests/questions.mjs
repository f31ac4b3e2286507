/** Questions of the protocol as the assistant asks them; the gateway adds the choices. */
import {say} from "./clinic.mjs";

export const CONSENT = say("Hi. I am an automated helper for Spine Clinic. Is it OK to start?", {asked: "Q0"});
export const WHO = say("Who has the pain? How old are they, and what sex were they at birth?", {asked: "Q1"});
export const NERVES = say("Do you have any of these that are NEW or getting WORSE? Pick all that fit.", {asked: "Q4"});
export const WHERE = say("Where is the main pain? Does it spread?", {asked: "Q10"});
export const HOW_BAD = say("How bad is the pain right now, from 0 to 10?", {asked: "Q13"});
export const ON_AVERAGE = say(
  "What number best describes your pain on average in the past week? 0 no pain to 10 pain as bad as you can imagine.",
  {asked: "Q14"},
);
export const TIMES = say(
  "These times are free:\n1 Tue, Dec 1, 8:00 AM EST, Dr. Ana Rivera\n2 Tue, Dec 1, 9:20 AM EST, Dr. Sam Okafor\n" +
    "3 Wed, Dec 2, 3:20 PM EST, Dr. Ana Rivera, video\nReply with a number, tell me another day or time, or say no.",
  {asked: "appointment_choice", offers: ["a", "b", "c"]},
);
export const BOOKED = say("Your visit is booked: Wed, Dec 2, 3:20 PM EST with Dr. Ana Rivera by video.");
export const NUMB = "numb between my legs since yesterday";
