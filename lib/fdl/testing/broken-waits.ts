/** Broken definitions: wait steps (fdl.md §3.3). */
import { type Flawed, step } from "./definition-text.ts";

export const brokenWaits: readonly Flawed[] = [
  {
    title: "neither duration nor timestamp",
    text: step("type: wait, name: w"),
    problems: ['4:5: error: step "w": A wait step needs "duration" or "timestamp".'],
    refusedBySchema: true,
  },
  {
    title: "both duration and timestamp",
    text: step("type: wait, name: w, duration: 5, timestamp: $.until"),
    problems: ['4:5: error: step "w": A wait step takes "duration" or "timestamp", not both.'],
    refusedBySchema: true,
  },
  {
    title: "no value for duration",
    text: step("type: wait, name: w, duration: "),
    problems: ['4:27: error: step "w": "duration" has no value.'],
    refusedBySchema: true,
  },
  {
    title: "a duration that is a word",
    text: step("type: wait, name: w, duration: 5 minutes"),
    problems: [
      '4:37: error: step "w": "duration" must be a number of seconds (or a path such as $.seconds), at most 31536000, not the string "5 minutes".',
    ],
    refusedBySchema: true,
  },
  {
    title: "a duration that is a list",
    text: step("type: wait, name: w, duration: [5]"),
    problems: [
      '4:37: error: step "w": "duration" must be a number of seconds (or a path such as $.seconds), at most 31536000, not a list.',
    ],
    refusedBySchema: true,
  },
  {
    title: "a duration over a year",
    text: step("type: wait, name: w, duration: 31536001"),
    problems: [
      '4:37: error: step "w": "duration" must be a number of seconds (or a path such as $.seconds), at most 31536000, not the number 31536001.',
    ],
    refusedBySchema: true,
  },
  {
    title: "a duration over a year as text",
    text: step("type: wait, name: w, duration: '31536001'"),
    problems: [
      '4:37: error: step "w": "duration" must be a number of seconds (or a path such as $.seconds), at most 31536000, not the number 31536001.',
    ],
    refusedBySchema: false,
  },
  {
    title: "a duration path that does not parse",
    text: step("type: wait, name: w, duration: $.a."),
    problems: [
      '4:41: error: step "w": Expected a name of letters, digits, "_" and "-" after the dot but found the end. Other keys are written ["…"], without a dot.',
    ],
    refusedBySchema: false,
  },
  {
    title: "a duration of another root",
    text: step("type: wait, name: w, duration: $input.a"),
    problems: [
      '4:37: error: step "w": "duration" must be a number of seconds (or a path such as $.seconds), at most 31536000, not the string "$input.a".',
    ],
    refusedBySchema: true,
  },
  {
    title: "a day without a time",
    text: step("type: wait, name: w, timestamp: 2030-01-31"),
    problems: [
      '4:38: error: step "w": "timestamp" must be a time such as 2030-01-31T08:00:00Z (or a path such as $.until), not the string "2030-01-31".',
    ],
    refusedBySchema: false,
  },
  {
    title: "a day that does not exist",
    text: step("type: wait, name: w, timestamp: '2030-02-30T00:00:00Z'"),
    problems: [
      '4:38: error: step "w": "timestamp" must be a time such as 2030-01-31T08:00:00Z (or a path such as $.until), not the string "2030-02-30T00:00:00Z".',
    ],
    refusedBySchema: false,
  },
  {
    title: "a time without an offset",
    text: step("type: wait, name: w, timestamp: '2030-01-31T08:00:00'"),
    problems: [
      '4:38: error: step "w": "timestamp" must be a time such as 2030-01-31T08:00:00Z (or a path such as $.until), not the string "2030-01-31T08:00:00".',
    ],
    refusedBySchema: false,
  },
  {
    title: "a timestamp that is a number",
    text: step("type: wait, name: w, timestamp: 1893456000"),
    problems: [
      '4:38: error: step "w": "timestamp" must be a time such as 2030-01-31T08:00:00Z (or a path such as $.until), not the number 1893456000.',
    ],
    refusedBySchema: true,
  },
];
