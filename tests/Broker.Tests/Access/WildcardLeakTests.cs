using System.Collections;
using System.Text;
using UdsBroker.Broker.Access;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Access;

/// <summary>
/// A denied subject is never delivered through a wildcard, and nothing is refused needlessly: millions of generated pairs of rules and pattern
/// against an oracle that lists every subject. Tokens that no rule names all behave alike, so one of them stands for all, and subjects
/// one token longer than the longest pattern stand for all longer ones: the list is complete.
/// </summary>
public sealed class WildcardLeakTests
{
    private const int Policies = 12_000;
    private const int PatternsOfEach = 100;
    private const int LongestPattern = 3;

    private static readonly AccessPeer Peer = new() { Uid = 1000 };
    private static readonly string[] Subjects = [.. NaiveMatch.Sequences(["a", "b", "other", "$S", "_INBOX", "_BROKER"], LongestPattern + 1)];
    private static readonly string[] Patterns = [.. NaiveMatch.Sequences(["a", "b", "*", "$S", "_INBOX", "_BROKER"], LongestPattern)
        .SelectMany(head => new[] { head, head + ".>" }).Append(">").Where(pattern => pattern.Count(c => c == '.') < LongestPattern)];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_subscription_is_allowed_exactly_if_all_that_it_can_match_is(int seed)
    {
        var random = new Random(seed);
        var matched = Patterns.ToDictionary(pattern => pattern, pattern => new BitArray([.. Subjects.Select(subject => NaiveMatch.Matches(pattern, subject))]));
        var parsed = Patterns.ToDictionary(pattern => pattern, pattern => SubjectPattern.Parse(pattern));
        var (allowed, denied) = (0, 0);
        for (var i = 0; i < Policies; i++)
        {
            var (policy, permitted) = Generate(random, matched, parsed);
            var rules = policy.For(Peer);
            for (var j = 0; j < PatternsOfEach; j++)
            {
                var pattern = Patterns[random.Next(Patterns.Length)];
                if (IsReserved(pattern)) continue; // never up to the rules
                var expected = !new BitArray(permitted).Not().And(matched[pattern]).HasAnySet();
                var decision = rules.Subscribe(Encoding.UTF8.GetBytes(pattern));
                if (expected != decision.IsAllowed)
                    Assert.Fail($"seed {seed}, policy {i}: {pattern} should be {(expected ? "allowed" : "denied")} by\n{string.Join('\n', policy.Rules)}\nelse {policy.Otherwise}");
                if (!expected) CheckWitness(decision, pattern, permitted, matched);
                _ = expected ? allowed++ : denied++;
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{allowed} allowed, {denied} denied");
        Assert.True(allowed > 100_000 && denied > 100_000 && allowed + denied > 750_000, $"{allowed} allowed, {denied} denied");
    }

    [Fact]
    public void The_largest_policy_is_decided_in_bounded_time()
    {
        // Every denied pattern has to be checked, and each is allowed by a rule half a thousand rules before it.
        var allowed = Enumerable.Range(1, 500).Select(i => Rule(i, isAllow: true, $"*.t{i}.*.*.>"));
        var denied = Enumerable.Range(501, 500).Select(i => Rule(i, isAllow: false, $"a.t{i - 500}.*.*.*.*.>"));
        var decided = new AccessPolicy([.. allowed, .. denied], AccessDefault.Allow, ownerUid: 0).For(Peer);
        var start = TimeProvider.System.GetTimestamp();

        Assert.True(decided.Subscribe(">"u8.ToArray()).IsAllowed);

        var elapsed = TimeProvider.System.GetElapsedTime(start);
        TestContext.Current.TestOutputHelper!.WriteLine($"{elapsed.TotalMilliseconds} ms");
        Assert.True(elapsed < TimeSpan.FromMinutes(1), $"{elapsed}"); // some milliseconds, where the number of ways does not explode
    }

    private static AccessRule Rule(int number, bool isAllow, string pattern) =>
        new(number, isAllow, AccessVerbs.Subscribe, AccessWho.Anyone, [SubjectPattern.Parse(pattern)], "");

    // The part that is named as the reason is within what was asked for, and denied from end to end.
    private static void CheckWitness(AccessDecision decision, string pattern, BitArray permitted, Dictionary<string, BitArray> matched)
    {
        var witness = decision.Witness ?? pattern;
        if (!matched.TryGetValue(witness, out var part)) return; // one token longer than the patterns here
        Assert.True(part.HasAnySet());
        if (decision.Witness is null) return;
        Assert.False(new BitArray(matched[pattern]).Not().And(part).HasAnySet(), $"{witness} is not within {pattern}");
        Assert.True(new BitArray(permitted).Not().And(part).HasAnySet(), $"nothing in {witness} is denied");
    }

    private static bool IsReserved(string pattern) =>
        pattern.StartsWith("_INBOX.", StringComparison.Ordinal) || pattern.StartsWith("_BROKER.", StringComparison.Ordinal);

    private static (AccessPolicy Policy, BitArray Permitted) Generate(Random random, Dictionary<string, BitArray> matched, Dictionary<string, SubjectPattern> parsed)
    {
        var otherwise = random.Next(3) > 0 ? AccessDefault.Allow : AccessDefault.Deny;
        var rules = new List<AccessRule>();
        var open = new BitArray(Subjects.Length, true);
        var permitted = new BitArray(Subjects.Length, false);
        for (var number = 1; number <= random.Next(1, 7); number++)
        {
            var isAllow = random.Next(2) == 0;
            string[]? patterns = random.Next(20) == 0 ? null : [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Patterns[random.Next(Patterns.Length)])];
            var text = $"{(isAllow ? "allow" : "deny")} {string.Join(' ', patterns ?? ["all"])}";
            rules.Add(new AccessRule(number, isAllow, AccessVerbs.Subscribe, AccessWho.Anyone, patterns?.Select(pattern => parsed[pattern]).ToArray(), text));
            var covered = new BitArray(Subjects.Length, patterns is null);
            foreach (var pattern in patterns ?? []) covered.Or(matched[pattern]);
            covered.And(open);
            if (isAllow) permitted.Or(covered);
            open.And(covered.Not());
        }

        if (otherwise == AccessDefault.Allow) permitted.Or(open);
        return (new AccessPolicy(rules, otherwise, ownerUid: 0), permitted);
    }
}
