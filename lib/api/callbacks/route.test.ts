import { expect, it } from "vitest";
import { callbackRoute } from "./route.ts";

it.each([
  ["/callbacks/t", "t", undefined],
  ["/callbacks/t/success", "t", "success"],
  ["/callbacks/t/failure?utm_source=mail&x=%", "t", "failure"],
  ["/callbacks/t/heartbeat#there", "t", "heartbeat"],
  ["http://127.0.0.1:8787/callbacks/t/success", "t", "success"],
  ["HTTPS://stepwell.example/callbacks/t", "t", undefined],
  ["/callbacks/a%2Fb%20c%C3%A9", "a/b cé", undefined],
  ["/callbacks/v1.a-b_c.d~+=/success", "v1.a-b_c.d~+=", "success"],
  ["/callbacks/%ff/success", undefined, "success"],
  ["/callbacks/100%/success", undefined, "success"],
  ["/callbacks/t/", "t", { unknown: "" }],
  ["/callbacks/t/success/", "t", { unknown: "success/" }],
  ["/callbacks/t/Success", "t", { unknown: "Success" }],
  ["/callbacks/t/constructor", "t", { unknown: "constructor" }],
])("reads %s", (target, token, verb) => {
  expect(callbackRoute(target)).toEqual({ token, verb });
});

it.each(["/", "/?Action=x", "/callbacks", "/callbacks/", "/callbacks//success", "/x/callbacks/t", "/callbacksx/t", ""])(
  "leaves %j to others",
  (target) => {
    expect(callbackRoute(target)).toBeUndefined();
  },
);
