using System.Text;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Routing;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Routing;

/// <summary>The index of patterns against the plain definition of a match, and snapshots that never change.</summary>
public class RoutingSnapshotTests
{
    private static readonly string[] Tokens = ["a", "b", "c", "*", "_INBOX", "$SYS", "$x", "a-long-token-of-more-than-eight-bytes", "é"];
    private readonly Subscriptions _subscriptions = new();

    [Fact]
    public void It_matches_what_the_definition_matches_at_every_step_of_a_random_history()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var snapshot = RoutingSnapshot.Empty((ulong)seed);
            var live = new List<Subscription>();
            var history = new List<(RoutingSnapshot Snapshot, Subscription[] Live)>();
            for (var step = 0; step < 120; step++)
            {
                if (live.Count == 0 || random.Next(5) < 3)
                {
                    var added = _subscriptions.To(RandomPattern(random));
                    live.Add(added);
                    snapshot = snapshot.With(added);
                }
                else
                {
                    var removed = live[random.Next(live.Count)];
                    live.Remove(removed);
                    snapshot = snapshot.Without(removed);
                    Assert.Same(snapshot, snapshot.Without(removed));
                }

                Assert.Equal(live.Count, snapshot.Count);
                history.Add((snapshot, [.. live]));
            }

            foreach (var (old, then) in history.Where((_, i) => i % 10 == 0).Append(history[^1]))
            {
                for (var i = 0; i < 30; i++) AssertMatches(old, then, RandomSubject(random));
            }
        }
    }

    [Theory]
    [InlineData("$SYS.client.x", ">", false)]
    [InlineData("$SYS.client.x", "*.client.x", false)]
    [InlineData("$SYS.client.x", "$SYS.>", true)]
    [InlineData("$SYS", ">", false)]
    [InlineData("$JS.api", ">", false)]
    [InlineData("$JS.api", "$JS.*", true)]
    [InlineData("_INBOX.x.y", ">", false)]
    [InlineData("_INBOX.x.y", "*.x.y", false)]
    [InlineData("_INBOX.x.y", "_INBOX.x.>", true)]
    [InlineData("_INBOXES.x", ">", true)]
    [InlineData("a.$SYS.b", ">", true)]
    [InlineData("a.$SYS.b", "a.*.b", true)]
    public void Reserved_subjects_are_not_matched_by_a_wildcard_in_the_first_place(string subject, string pattern, bool isMatch)
    {
        var matches = new List<Subscription>();
        RoutingSnapshot.Empty(1).With(_subscriptions.To(pattern)).Match(Encoding.UTF8.GetBytes(subject), matches);

        Assert.Equal(isMatch ? 1 : 0, matches.Count);
    }

    [Fact]
    public void The_end_of_a_subscription_that_is_not_there_changes_nothing()
    {
        var snapshot = RoutingSnapshot.Empty(1).With(_subscriptions.To("a.b")).With(_subscriptions.To("a.*")).With(_subscriptions.To("a.>")).With(_subscriptions.To("a"));

        foreach (var pattern in new[] { "a.b", "a.*", "a.>", "a", "x", "*", ">", "a.b.c", "x.y.>" })
            Assert.Same(snapshot, snapshot.Without(_subscriptions.To(pattern)));
        Assert.Equal(4, snapshot.Count);
    }

    private static void AssertMatches(RoutingSnapshot snapshot, Subscription[] live, string subject)
    {
        var bytes = Encoding.UTF8.GetBytes(subject);
        var matches = new List<Subscription>();
        snapshot.Match(bytes, matches);

        var expected = live.Where(s => IsReached(s, bytes)).Select(s => s.Sid).Order();
        Assert.Equal(expected, matches.Select(s => s.Sid).Order());
    }

    private static bool IsReached(Subscription subscription, byte[] subject)
    {
        Assert.True(SubjectPattern.TryParse(subscription.Pattern.Span, out var pattern, out _));
        var isInboxOverheard = ReservedSubjects.IsInbox(subject) && subscription.Pattern.Span[0] is (byte)'*' or (byte)'>';
        return pattern.Matches(subject) && !isInboxOverheard;
    }

    private static string RandomPattern(Random random) => Subscriptions.RandomPattern(random, Tokens, max: 4);

    private static string RandomSubject(Random random) =>
        string.Join('.', Enumerable.Range(0, random.Next(1, 5)).Select(_ => Tokens[random.Next(Tokens.Length)].Replace('*', 'z')));
}
