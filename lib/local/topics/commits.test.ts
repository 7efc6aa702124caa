import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { groupCommits } from "./commits.ts";

function openDatabase(): DatabaseSync {
  const database = new DatabaseSync(":memory:");
  database.exec("CREATE TABLE words (word TEXT)");
  return database;
}

test("what is changed in one turn is committed together, after it", async () => {
  const database = openDatabase();
  const commits = groupCommits(database, () => {});
  const first = commits.begin();
  database.exec("INSERT INTO words VALUES ('a')");
  const second = commits.begin();
  database.exec("INSERT INTO words VALUES ('b')");
  expect(database.isTransaction).toBe(true);
  expect(second).toBe(first);
  await first;
  expect(database.isTransaction).toBe(false);
  expect(database.prepare("SELECT count(*) AS n FROM words").get()).toMatchObject({ n: 2 });
  await commits.settled();
});

test("settled waits for the commit that is under way", async () => {
  const database = openDatabase();
  const commits = groupCommits(database, () => {});
  void commits.begin();
  await commits.settled();
  expect(database.isTransaction).toBe(false);
});

test("after a commit that failed nothing is committed any more, and it is told once", async () => {
  const database = openDatabase();
  database.exec("CREATE TABLE parents (id INTEGER PRIMARY KEY)");
  database.exec("CREATE TABLE children (parent REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED)");
  const told: unknown[] = [];
  const commits = groupCommits(database, (error) => void told.push(error));
  const refused = commits.begin();
  // Checked when it is committed, as the space on a disk may be.
  database.exec("INSERT INTO children VALUES (1)");
  await expect(refused).rejects.toThrow(/FOREIGN KEY/);
  expect(() => commits.begin()).toThrow(/FOREIGN KEY/);
  expect(told).toHaveLength(1);
});
