using UdsBroker.Broker.Access;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Faults.Tests;

/// <summary>
/// P17: one user fills his share of the stores with the worst subjects, asks for all of it as often as a batch can and does not read. What that takes of the memory
/// is what the settings say, and another user retains, subscribes, publishes and delays as before.
/// </summary>
[Collection(Alone.Name)]
public sealed class KeptMemoryTests
{
    private const int OfUser = 32_768;
    private const uint Greedy = 1001;
    private const uint Modest = 1002;

    /// <summary>What the settings say that a message takes at most besides its frame, which lies in up to twice its size.</summary>
    private const int BesidesRetained = 400;
    private const int BesidesDelayed = 150;
    private const int BesidesOfConnection = 300;

    /// <summary>What the settings say that a subscription takes.</summary>
    private const int MostOfSubscription = 2560;

    private readonly CoreBroker _broker = new(
        slabBytes: 128 << 10,
        highWatermark: 1 << 20,
        lowWatermark: 1 << 18,
        bound: new PendingBound(8 << 20, 65_536),
        retained: new RetainedBounds(new KeptBound(2 * OfUser, 64 << 20), new KeptBound(OfUser, 32 << 20)),
        delayed: new DelayBounds(new KeptBound(2 * OfUser, 64 << 20), new KeptBound(OfUser, 32 << 20), 1_000_000),
        users: new UserLimits(100, 10_000, 256 << 20, 0));

    public static TheoryData<string, Func<int, string>> Subjects => new()
    {
        { "short", i => $"{i}" },
        { "of 32 tokens, alone from the first", i => $"{i}." + string.Join('.', Enumerable.Repeat("a", 31)) },
        { "of 32 tokens, alike up to the last", i => string.Join('.', Enumerable.Repeat("a", 31)) + $".{i}" },
        { "that part at each token", i => string.Join('.', Enumerable.Range(0, 15).Select(bit => (i >> bit) & 1)) },
        { "in pairs after long beginnings", i => $"{i / 2}.{new string('x', 240)}.{i % 2}" },
        { "that begin each other", i => string.Join('.', Enumerable.Repeat($"{i / 32}", (i % 32) + 1)) },
    };

    [Theory]
    [MemberData(nameof(Subjects))]
    public void A_full_share_of_the_worst_subjects_takes_what_the_settings_say_and_leaves_others_their_room(string kind, Func<int, string> subject)
    {
        var (greedy, modest) = (_broker.Connect(uid: Greedy), _broker.Connect(uid: Modest));
        var before = Held();
        for (var i = 0; i < OfUser; i++) greedy.Send(Frames.Publish(subject(i), "0", (KnownHeaders.Retain, "1"), (KnownHeaders.Expires, "60000")));
        greedy.Close(); // what is remembered of where its subjects lead is another bound
        Check($"retained messages with subjects {kind}", BesidesRetained, Held() - before, _broker.Kept.Retained.KeptFor(Greedy));

        greedy = _broker.Connect(uid: Greedy);
        greedy.Send(Frames.Retained("one.more", "0"));
        Assert.Equal(ErrorCode.RetainedFull, Assert.Single(Received.Parse(greedy.Socket.TakeReceived()).Errors).Code);
        modest.Send(Frames.Retained("modest", "1"), Frames.Subscribe(1, "modest"), Frames.Publish("modest", "2"));
        Assert.Equal("1:retained 1 1:2", modest.Log());
        for (var i = 0; i < OfUser; i++) modest.Send(Frames.Retained(subject(i), ""));
        Assert.Equal((1, 1), (_broker.Kept.Retained.Kept.Messages, _broker.Kept.Retained.Users));
        Assert.InRange(Held() - before, long.MinValue, 32 << 20); // the pool keeps some of what it has back
    }

    [Fact]
    public void A_full_share_of_delayed_messages_takes_what_the_settings_say_and_becomes_due_a_few_at_a_time()
    {
        var (greedy, modest) = (_broker.Connect(uid: Greedy), _broker.Connect(uid: Modest));
        modest.Send(Frames.Subscribe(1, "modest"));
        var before = Held();
        for (var i = 0; i < OfUser; i++) greedy.Send(Frames.Publish($"{i}", "0", (KnownHeaders.Delay, "1000"), (KnownHeaders.Expires, "2000")));
        greedy.Close();
        Check("delayed messages", BesidesDelayed, Held() - before, _broker.Kept.Delayed.WaitingFor(Greedy));

        greedy = _broker.Connect(uid: Greedy);
        greedy.Send(Frames.Publish("one.more", "0", (KnownHeaders.Delay, "1000")));
        Assert.Equal(ErrorCode.DelayedFull, Assert.Single(Received.Parse(greedy.Socket.TakeReceived()).Errors).Code);
        modest.Send(Frames.Publish("modest", "later", (KnownHeaders.Delay, "1000")), Frames.Publish("modest", "now"));
        Assert.Equal("1:now", modest.Log());
        _broker.Clock.Advance(1000);
        var due = new DueMessages(_broker.Kept, new RunPublisher(_broker.Table, _broker.Pool, _broker.Limits), _broker.Table, _broker.Limits);
        for (var left = OfUser; left > 0; left -= 256)
        {
            due.Route(256);
            Assert.Equal(left - 256, _broker.Kept.Delayed.WaitingFor(Greedy).Messages);
            modest.Send(Frames.Publish("modest", "meanwhile"));
            Assert.Equal("1:meanwhile", modest.Log());
        }

        due.Route(256);
        Assert.Equal("1:later", modest.Log());
        Assert.Equal((0, 0L), _broker.Kept.Delayed.Waiting);
    }

    [Theory]
    [InlineData(KnownHeaders.Retain, "1", BesidesRetained)]
    [InlineData(KnownHeaders.Delay, "1000", BesidesDelayed)]
    public void Messages_of_a_connection_each_keep_little_of_connections_that_have_ended(string header, string value, int besides)
    {
        var table = new AccessTable(AccessOfTest.Policy("", "allow"), new DenialsOfTest());
        _broker.Connect(uid: Modest); // what all share
        var before = Held();
        for (var i = 0; i < OfUser; i++)
        {
            var peer = new AccessPeer { Uid = Greedy, Gids = [1, 2, 3], Executable = new string('x', 4000) };
            var greedy = _broker.Connect(table.For(peer), Greedy);
            greedy.Send(Frames.Publish($"{i}", "0", (header, value)));
            greedy.Close();
        }

        var (retained, delayed) = (_broker.Kept.Retained.KeptFor(Greedy), _broker.Kept.Delayed.WaitingFor(Greedy));
        Check($"messages with {header} of a connection each", besides + BesidesOfConnection, Held() - before, retained.Messages > 0 ? retained : delayed);
        GC.KeepAlive(_broker);
    }

    public static TheoryData<string, Func<int, string>, string?> Patterns => new()
    {
        { "short", i => $"{i}", null },
        { "in pairs of 32 tokens", i => $"{i / 2:x}." + string.Join('.', Enumerable.Repeat("a", 30)) + $".{i % 2}", null },
        { "in pairs of 32 tokens of which 30 are wildcards", i => $"{i / 2:x}." + string.Join('.', Enumerable.Repeat("*", 30)) + $".{i % 2}", null },
        { "in pairs of 255 bytes, with a queue group each", i => $"{i / 2:x4}." + string.Join('.', Enumerable.Repeat("aaaaaaa", 30)) + $".{i % 2}", "q" },
    };

    [Theory]
    [MemberData(nameof(Patterns))]
    public void Subscriptions_of_the_worst_patterns_take_what_the_settings_say(string kind, Func<int, string> pattern, string? queue)
    {
        const int Count = 10_000;
        var subscriber = _broker.Connect(uid: Greedy);
        var before = Held();
        for (var i = 0; i < Count; i++)
        {
            var options = queue is null ? SubscribeOptions.None : new SubscribeOptions { Queue = $"{i}{new string('q', 240)}" };
            subscriber.Send(Frames.Subscribe((uint)i + 1, pattern(i), options));
        }

        Assert.Equal(Count, _broker.Table.Current.ClientCount);
        var each = (Held() - before) / Count;
        Campaign.Begin($"subscriptions with patterns {kind}", inCi: 1, whenLong: 1).Say($"{each} bytes of memory each");
        Assert.InRange(each, 0, MostOfSubscription);
        GC.KeepAlive(subscriber);
    }

    [Fact]
    public void A_batch_that_asks_for_all_of_it_and_is_not_read_is_charged_with_more_than_it_takes_and_within_the_bound_of_its_user()
    {
        var (greedy, reader, modest) = (_broker.Connect(uid: Greedy), _broker.Connect(uid: Greedy), _broker.Connect(uid: Modest));
        for (var i = 0; i < OfUser; i++) greedy.Send(Frames.Retained($"a.{i}", "0123456789"));
        var (messages, bytes) = _broker.Kept.Retained.KeptFor(Greedy);
        var before = Held();
        reader.Send(Frames.Join(Enumerable.Range(1, 256).Select(sid => Frames.Subscribe((uint)sid, "a.>", new SubscribeOptions { Credit = 0 }))));

        var (charged, held) = (_broker.Memory.Bytes, Held() - before);
        Campaign.Begin("retained messages for 256 subscriptions that do not read", inCi: 1, whenLong: 1)
            .Say($"{messages} of {bytes} bytes each time, {charged >> 20} MiB charged, {held >> 20} MiB of memory");
        Assert.InRange(charged, (256L << 20) - bytes, 256L << 20);
        Assert.InRange(held, 0, charged);
        modest.Send(Frames.Retained("b", "1"), Frames.Subscribe(1, "*"), Frames.Publish("b", "2"));
        Assert.Equal("1:retained 1 1:2", modest.Log());

        // What is given up in the store meanwhile is what was charged for. Every message that was not sent is missed.
        _broker.Kept.Retained.Clear();
        reader.Send(Enumerable.Range(1, 256).Select(sid => Frames.Unsubscribe((uint)sid)));
        Assert.Equal(256L * messages, Received.Parse(reader.Socket.TakeReceived()).Deliveries.Sum(delivery => (long)delivery.Missed));
        Assert.Equal(256L * messages, _broker.Traffic.DroppedFor(DropReason.Overflow) + _broker.Traffic.DroppedFor(DropReason.Unsubscribed));
        Assert.Equal(0, _broker.Memory.Bytes);
    }

    private static void Check(string what, int besides, long held, (int Messages, long Bytes) kept)
    {
        Assert.Equal(OfUser, kept.Messages);
        var each = held / kept.Messages;
        Campaign.Begin(what, inCi: 1, whenLong: 1).Say($"{kept.Bytes / kept.Messages} bytes of frame, {each} bytes of memory each");
        Assert.InRange(each, 0, (2 * kept.Bytes / kept.Messages) + besides);
    }

    private static long Held() => GC.GetTotalMemory(forceFullCollection: true);
}
