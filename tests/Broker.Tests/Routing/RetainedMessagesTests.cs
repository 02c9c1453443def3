using System.Text;
using UdsBroker.Broker.Access;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Routing;

/// <summary>What is kept, within which bounds, and what a pattern finds of it, held against a plain list.</summary>
public sealed class RetainedMessagesTests
{
    private static readonly string[] Tokens = ["a", "b", "ä", "_INBOX", "$SYS", "$x", "a-long-token-of-more-than-eight-bytes"];

    private readonly FakeClock _clock = new();
    private readonly SlabPool _pool = new(4096);
    private readonly PublisherAccount _account = new(new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), PeerAccess.OfBroker, new Traffic());

    [Fact]
    public void A_pattern_finds_what_a_search_of_everything_finds_in_the_order_of_arrival()
    {
        for (var seed = 1; seed <= 30; seed++)
        {
            var random = new Random(seed);
            var messages = New(new RetainedBounds(1000, 1 << 20));
            var kept = new List<(string Subject, string Payload)>();
            for (var step = 0; step < 300; step++)
            {
                var subject = Name(random, "");
                var payload = random.Next(4) == 0 ? "" : $"{step}";
                Keep(messages, subject, payload);
                kept.RemoveAll(entry => entry.Subject == subject);
                if (payload.Length > 0) kept.Add((subject, payload));
                var pattern = Name(random, "*>");
                if (!SubjectPattern.TryParse(Encoding.UTF8.GetBytes(pattern), out var parsed, out _)) continue;
                var expected = kept.Where(entry => parsed.Matches(Encoding.UTF8.GetBytes(entry.Subject))).Select(entry => $"{entry.Subject}={entry.Payload}");
                Assert.Equal(expected, Find(messages, pattern));
            }

            messages.Clear();
            Assert.Equal((0, 0L), (messages.Count, messages.Bytes));
        }

        Assert.Equal(0, _pool.Leased);
    }

    [Fact]
    public void A_newer_message_replaces_the_older_one_and_is_the_last_in_order()
    {
        var messages = New(new RetainedBounds(10, 1000));
        Keep(messages, "a", "1");
        Keep(messages, "b", "2");
        Keep(messages, "a", "3");
        Assert.Equal(["b=2", "a=3"], Find(messages, ">"));
        Assert.Equal(2, messages.Count);
    }

    [Fact]
    public void Beyond_the_number_nothing_new_is_kept_but_what_is_there_can_be_replaced()
    {
        var messages = New(new RetainedBounds(2, 1000));
        Assert.Equal(RetainOutcome.Kept, Keep(messages, "a", "1"));
        Assert.Equal(RetainOutcome.Kept, Keep(messages, "b", "2"));
        Assert.Equal(RetainOutcome.Full, Keep(messages, "c", "3"));
        Assert.Equal(RetainOutcome.Kept, Keep(messages, "b", "4"));
        Assert.Equal(RetainOutcome.Cleared, Keep(messages, "a", ""));
        Assert.Equal(RetainOutcome.Kept, Keep(messages, "c", "5"));
        Assert.Equal(["b=4", "c=5"], Find(messages, ">"));
    }

    [Fact]
    public void A_value_without_room_also_removes_the_older_one_of_its_subject()
    {
        var messages = New(new RetainedBounds(10, Frames.Publish("a", "1").Length));
        Assert.Equal(RetainOutcome.Kept, Keep(messages, "a", "1"));
        Assert.Equal(RetainOutcome.Full, Keep(messages, "a", "22"));
        Assert.Empty(Find(messages, ">"));
        Assert.Equal((0, 0L), (messages.Count, messages.Bytes));
    }

    [Fact]
    public void A_cleared_value_is_no_longer_found_and_returns_its_room_once()
    {
        var messages = New(new RetainedBounds(2, 1000));
        Keep(messages, "a", "1");
        Keep(messages, "b", "2");
        for (var times = 1; times <= 2; times++)
        {
            Assert.Equal(RetainOutcome.Cleared, Keep(messages, "a", ""));
            Assert.Equal(["b=2"], Find(messages, ">"));
            Assert.Equal((1, (long)Frames.Publish("b", "2").Length), (messages.Count, messages.Bytes));
        }

        Assert.Equal(RetainOutcome.Kept, Keep(messages, "c", "3"));
    }

    [Fact]
    public void An_expired_value_is_no_longer_found_and_makes_room()
    {
        var messages = New(new RetainedBounds(2, 1000));
        Keep(messages, "a", "1", expires: 10);
        Keep(messages, "b", "2", expires: 20);
        Assert.Equal(RetainOutcome.Full, Keep(messages, "c", "3"));
        _clock.Advance(10);
        Assert.Equal(["b=2"], Find(messages, ">"));
        Assert.Equal(RetainOutcome.Kept, Keep(messages, "c", "3"));
        _clock.Advance(10);
        Assert.Equal(RetainOutcome.Kept, Keep(messages, "d", "4"));
        Assert.Equal(["c=3", "d=4"], Find(messages, ">"));
        Assert.Equal(2, messages.Expired);
    }

    [Fact]
    public void A_value_that_expires_at_once_clears_its_subject()
    {
        var messages = New(new RetainedBounds(2, 1000));
        Keep(messages, "a", "1");
        Keep(messages, "a", "2", expires: 0);
        Assert.Empty(Find(messages, ">"));
    }

    private static string Name(Random random, string wildcards)
    {
        var tokens = Enumerable.Range(0, random.Next(1, 5)).Select(_ => Tokens[random.Next(Tokens.Length)]).ToArray();
        if (wildcards.Length > 0)
        {
            for (var i = 0; i < tokens.Length; i++)
            {
                if (random.Next(3) == 0) tokens[i] = i == tokens.Length - 1 && random.Next(2) == 0 ? ">" : "*";
            }
        }

        return string.Join('.', tokens);
    }

    private static IEnumerable<string> Find(RetainedMessages messages, string pattern)
    {
        var matches = new List<RetainedMessage>();
        messages.Match(Encoding.UTF8.GetBytes(pattern), matches);
        return [.. matches.Select(message => $"{Encoding.UTF8.GetString(message.Subject)}={PayloadOf(message)}")];
    }

    private static string PayloadOf(RetainedMessage message)
    {
        FrameScanner.Scan(message.Run.Bytes, Limits.Default, out var head);
        return Encoding.UTF8.GetString(message.Run.Bytes.Slice(head.PayloadStart, head.PayloadLength));
    }

    private RetainedMessages New(RetainedBounds bounds) => new(bounds, _pool, _clock, 0x5EED);

    private RetainOutcome Keep(RetainedMessages messages, string subject, string payload, long? expires = null)
    {
        using var run = new TestRun(_pool, _account, [Frames.Publish(subject, payload)])
        {
            Traits = expires is { } ms ? new RunTraits(DeliverFlags.None, _clock.Milliseconds + ms) : default,
        };
        return messages.Keep(run.Run, FrameCut.Head(run.Run.Bytes, Limits.Default));
    }
}
