using System.Text;
using UdsBroker.Broker.Access;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Tests.Access;

/// <summary>
/// Users, groups, programs and units times rules, subjects and verbs: generated rules go through the settings as text, and every decision
/// is compared with an oracle that reads the same rules as a person would.
/// </summary>
public sealed class DecisionMatrixTests
{
    private const int Policies = 400;

    /// <summary>The kernel's number for a group that it cannot name.</summary>
    private const uint Unnamed = 65534;

    private static readonly uint?[] Users = [0, 1000, 1001, null];
    private static readonly uint[][] Groups = [[100], [100, 27], [27], [100, Unnamed]];
    private static readonly string?[] Programs = ["/usr/bin/a", "/usr/bin/b", null];
    private static readonly string?[] Units = ["a.service", "", null];
    private static readonly string[] Subjects = ["a", "a.b", "a.b.c", "b", "b.a", "ä.b", "$SYS.a", "A.b", "a\u0308.b"]; // the last one is displayed like another and is a different one
    private static readonly string[] Patterns = ["a", "a.>", "a.*", "*.b", ">", "*", "$SYS.>", "ä.*", "b.>", "a.b.c"];

    private static readonly AccessPeer[] Peers =
    [
        .. from uid in Users
           from gids in Groups
           from program in Programs
           from unit in Units
           select new AccessPeer { Uid = uid, Gids = [.. gids.Where(gid => gid != Unnamed)], HasUnknownGroups = gids.Contains(Unnamed), Executable = program, Unit = unit },
    ];

    [Fact]
    public void Every_decision_is_that_of_the_rules_as_a_person_reads_them()
    {
        var random = new Random(20251125);
        var decisions = 0;
        for (var i = 0; i < Policies; i++)
        {
            var rules = Enumerable.Range(0, random.Next(0, 6)).Select(_ => Rule.Generate(random)).ToArray();
            var otherwise = new[] { "owner", "allow", "deny" }[random.Next(3)];
            var text = string.Join(", ", rules.Select(rule => rule.Text));
            var policy = AccessOfTest.Policy(text, otherwise);
            foreach (var peer in Peers)
            {
                var decided = policy.For(peer);
                var oracle = new Oracle(rules, otherwise, peer);
                Compare(oracle.Decide("connect", null), decided.Connect.IsAllowed, "connect", "");
                foreach (var subject in Subjects)
                {
                    var bytes = Encoding.UTF8.GetBytes(subject);
                    Compare(!subject.StartsWith("$SYS.", StringComparison.Ordinal) && oracle.Decide("publish", subject), decided.Publish(bytes).IsAllowed, "publish", subject);
                    Compare(oracle.Decide("subscribe", subject), decided.Subscribe(bytes).IsAllowed, "subscribe", subject);
                }

                decisions += 1 + (2 * Subjects.Length);

                void Compare(bool expected, bool actual, string verb, string subject)
                {
                    if (expected != actual)
                    {
                        Assert.Fail(
                            $"policy {i}: {verb} {subject} of {peer} in {string.Join(',', peer.Gids)}, {peer.Executable}, {peer.Unit} "
                            + $"should be {expected} by [{text}] else {otherwise}");
                    }
                }
            }
        }

        Assert.True(decisions > 1_000_000, $"{decisions} decisions");
    }

    /// <summary>A rule as an operator writes it; null where it says nothing.</summary>
    private sealed record Rule(bool Allow, string[] Verbs, string[]? Uids, string[]? Gids, string[]? Programs, string[]? Units, string[]? Subjects)
    {
        internal string Text
        {
            get
            {
                string?[] keys =
                [
                    Key(Allow ? "allow" : "deny", Verbs), Key("uid", Uids), Key("gid", Gids), Key("executable", Programs), Key("unit", Units), Key("subjects", Subjects),
                ];
                return $"{{ {string.Join(", ", keys.Where(key => key is not null))} }}";
            }
        }

        internal static Rule Generate(Random random) => new(
            random.Next(2) == 0,
            random.Next(3) == 0 ? ["all"] : [.. Some(random, ["connect", "publish", "subscribe"])],
            random.Next(2) == 0 ? null : [.. Some(random, ["0", "1000", "1001", "unknown", "broker"])],
            random.Next(2) == 0 ? null : [.. Some(random, ["100", "27", "5"])],
            random.Next(4) > 0 ? null : [.. Some(random, ["/usr/bin/a", "/usr/bin/b", "/usr/bin/c"])],
            random.Next(4) > 0 ? null : [.. Some(random, ["a.service", "b.service"])],
            random.Next(3) == 0 ? null : [.. Some(random, DecisionMatrixTests.Patterns)]);

        private static string? Key(string name, string[]? values) =>
            values is null ? null : values.Length == 1 ? $"{name} = \"{values[0]}\"" : $"{name} = [{string.Join(", ", values.Select(value => $"\"{value}\""))}]";

        private static IEnumerable<string> Some(Random random, string[] all) => random.GetItems(all, random.Next(1, 3)).Distinct();
    }

    /// <summary>Reads the rules of one peer in order; what the kernel cannot tell allows nothing.</summary>
    private sealed class Oracle(Rule[] rules, string otherwise, AccessPeer peer)
    {
        internal bool Decide(string verb, string? subject)
        {
            foreach (var rule in rules)
            {
                if (!rule.Verbs.Contains(verb) && !rule.Verbs.Contains("all")) continue;
                if (subject is not null && rule.Subjects is not null && !rule.Subjects.Any(pattern => NaiveMatch.Matches(pattern, subject))) continue;
                bool?[] conditions = [IsUser(rule), IsGroup(rule), IsIn(rule.Programs, peer.Executable), IsIn(rule.Units, peer.Unit)];
                if (conditions.Contains(false)) continue;
                if (rule.Allow && conditions.Contains(null)) continue;
                return rule.Allow;
            }

            return peer.Uid is { } uid && (otherwise == "allow" || (otherwise == "owner" && (uid == 0 || uid == Accounts.EffectiveUid)));
        }

        private bool? IsUser(Rule rule)
        {
            if (peer.Uid is not { } uid) return rule.Uids?.Contains("unknown") == true ? true : null;
            return rule.Uids is null || rule.Uids.Any(text => text == $"{uid}" || (text == "broker" && uid == Accounts.EffectiveUid));
        }

        private bool? IsGroup(Rule rule)
        {
            if (rule.Gids is null || rule.Gids.Any(text => peer.Gids.Contains(uint.Parse(text, null)))) return true;
            return peer.HasUnknownGroups ? null : false;
        }

        private static bool? IsIn(string[]? wanted, string? text) => wanted is null ? true : text is null ? null : wanted.Contains(text);
    }
}
