using UdsBroker.Protocol;

namespace UdsBroker.Client.Tests;

public class ClientSessionTests
{
    private static readonly byte[] WholeConversation = Wire.Join(
        Wire.Welcome(),
        Wire.Ping(7),
        Wire.Deliver(1, Wire.Publish("a.b", "one"), Wire.Publish("a.b", "two"), Wire.Publish("a.c", "three", "r.s", new() { ["k"] = "v" })),
        Wire.Missed(1, 5),
        Wire.Deliver([1], Wire.SomeSender, DeliverFlags.Retained, Wire.Publish("a.b", "old")),
        Wire.Missed(1, 4, 3),
        Wire.Deliver([1, 2], Wire.SomeSender, Wire.Publish("a.b", "four")),
        Wire.Deliver([], Guid.Empty, Wire.Publish("_INBOX.x", "direct")),
        Wire.Error(ErrorCode.NotAllowed, "no", ("subject", "x")),
        Wire.Pong(3, new Receipt(1, 2, 3, 2)),
        Wire.Deliver(2, Wire.Publish("big", new string('x', 700)), Wire.Publish("a.b", "")),
        Wire.Goodbye(CloseReason.BrokerShutdown, "bye"));

    private static readonly string[] WhatItSays =
    [
        $"welcome {Wire.SomeId} fake",
        "ping 7",
        $"message to [1] from {Wire.SomeSender}: a.b=one",
        $"message to [1] from {Wire.SomeSender}: a.b=two",
        $"message to [1] from {Wire.SomeSender}: a.c=three",
        "missed 1 5",
        $"Retained message to [1] from {Wire.SomeSender}: a.b=old",
        "missed 1 4, 3 expired",
        $"message to [1,2] from {Wire.SomeSender}: a.b=four",
        $"message to [] from {Guid.Empty}: _INBOX.x=direct",
        "error NotAllowed no",
        "pong 3 Receipt { Published = 1, Matched = 2, Dropped = 3, Expired = 2 }",
        $"message to [2] from {Wire.SomeSender}: big={new string('x', 700)}",
        $"message to [2] from {Wire.SomeSender}: a.b=",
        "end BrokerShutdown by broker: bye",
    ];

    [Fact]
    public void A_conversation_cut_at_every_offset_says_the_same()
    {
        for (int cut = 0; cut <= WholeConversation.Length; cut++)
        {
            RecordingReceiver receiver = new(WholeConversation);
            ClientSession session = new(receiver);
            int consumed = FeedUpTo(session, 0, cut);
            FeedUpTo(session, consumed, WholeConversation.Length);
            Assert.Equal(WhatItSays, receiver.Lines);
        }
    }

    [Fact]
    public void A_conversation_byte_by_byte_says_the_same()
    {
        RecordingReceiver receiver = new(WholeConversation);
        ClientSession session = new(receiver);
        int consumed = 0;
        for (int arrived = 1; arrived <= WholeConversation.Length; arrived++) consumed = FeedUpTo(session, consumed, arrived);
        Assert.Equal(WhatItSays, receiver.Lines);
        Assert.Equal(WholeConversation.Length, consumed);
    }

    [Fact]
    public void What_is_needed_is_more_than_is_there_and_never_more_than_the_frame()
    {
        byte[] frame = Wire.Join(Wire.Welcome(), Wire.Deliver(1, Wire.Publish("a", new string('x', 1000))));
        for (int arrived = 0; arrived < frame.Length; arrived++)
        {
            ClientSession session = new(new RecordingReceiver(frame));
            int consumed = session.Feed(frame.AsSpan(0, arrived), 0);
            consumed += session.Feed(frame.AsSpan(consumed, arrived - consumed), consumed);
            Assert.InRange(session.Needed, arrived - consumed + 1, frame.Length - consumed);
        }
    }

    [Fact]
    public void It_stops_after_welcome()
    {
        byte[] stream = Wire.Join(Wire.Welcome(), Wire.Ping(1));
        RecordingReceiver receiver = new(stream);
        ClientSession session = new(receiver);
        Assert.Equal(Wire.Welcome().Length, session.Feed(stream, 0));
        Assert.Single(receiver.Lines);
    }

    public static TheoryData<string, byte[], CloseReason> Violations => new()
    {
        { "not a frame", [0x01], CloseReason.Violation },
        { "text", "HTTP/1.1 400"u8.ToArray(), CloseReason.Violation },
        { "an unknown kind", [0x92, 0x63, 0x01], CloseReason.Violation },
        { "a second welcome", Wire.Welcome(), CloseReason.Violation },
        { "a message nobody announced", Wire.Publish("a", "b"), CloseReason.Violation },
        { "a client's command", [0x93, 0x03, 0x01, 0xA1, 0x61, 0xC0], CloseReason.Violation },
        { "another command inside a run", Wire.Join(Wire.Deliver(1, Wire.Publish("a", "b"), []), Wire.Ping(1)), CloseReason.Violation },
        { "one message too many", Wire.Join(Wire.Deliver(1, Wire.Publish("a", "b")), Wire.Publish("a", "c")), CloseReason.Violation },
        { "a payload of 4 GiB", Wire.Join(Wire.Deliver(1, [0x95, 0x05, 0xA1, 0x61, 0xC0, 0xC0, 0xC6, 0xFF, 0xFF, 0xFF, 0xFF])), CloseReason.FrameTooBig },
        { "a pong for nobody", Wire.Pong(99), CloseReason.Violation },
        { "a deliver without a count", [0x93, 0x08, 0x91, 0x01, 0xC0], CloseReason.Violation },
    };

    [Theory]
    [MemberData(nameof(Violations))]
    public void A_broker_that_breaks_the_protocol_is_left(string what, byte[] bytes, CloseReason reason)
    {
        byte[] stream = Wire.Join(Wire.Welcome(), bytes);
        for (int cut = Wire.Welcome().Length; cut <= stream.Length; cut++)
        {
            RecordingReceiver receiver = new(stream) { ForeignTokens = { 99 } };
            ClientSession session = new(receiver);
            int consumed = FeedUpTo(session, stream, 0, cut);
            FeedUpTo(session, stream, consumed, stream.Length);
            Assert.True(session.IsOver, what);
            Assert.StartsWith($"end {reason} by client: ", receiver.Lines[^1], StringComparison.Ordinal);
            Assert.Equal(1, receiver.Lines.Count(line => line.StartsWith("end", StringComparison.Ordinal)));
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(11)]
    public void Before_welcome_only_error_and_goodbye_are_possible(int kind)
    {
        byte[] frame = kind switch
        {
            4 => Wire.Drained(1),
            6 => Wire.Ping(1),
            7 => Wire.Pong(1),
            8 => Wire.Deliver(1, Wire.Publish("a", "b")),
            _ => Wire.Missed(1, 1),
        };
        RecordingReceiver receiver = new(frame);
        ClientSession session = new(receiver);
        session.Feed(frame, 0);
        Assert.True(session.IsOver);
        Assert.StartsWith("end Violation by client", Assert.Single(receiver.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_broker_of_another_version_is_left()
    {
        byte[] welcome = Wire.Welcome(version: 2);
        RecordingReceiver receiver = new(welcome);
        new ClientSession(receiver).Feed(welcome, 0);
        Assert.StartsWith("end UnsupportedVersion by client", Assert.Single(receiver.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void After_goodbye_nothing_counts()
    {
        byte[] stream = Wire.Join(Wire.Goodbye(CloseReason.TooManyConnections, "full"), Wire.Ping(1));
        RecordingReceiver receiver = new(stream);
        ClientSession session = new(receiver);
        FeedUpTo(session, stream, 0, stream.Length);
        Assert.Equal("end TooManyConnections by broker: full", Assert.Single(receiver.Lines));
    }

    [Fact]
    public void The_limits_of_welcome_hold_from_then_on()
    {
        byte[] small = Wire.Join(
            Wire.Welcome(limits: Limits.Default with { MaxPayloadBytes = 10 }), Wire.Deliver(1, Wire.Publish("a", "0123456789"), Wire.Publish("a", "0123456789a")));
        RecordingReceiver receiver = new(small);
        ClientSession session = new(receiver);
        FeedUpTo(session, small, 0, small.Length);
        Assert.Equal($"message to [1] from {Wire.SomeSender}: a=0123456789", receiver.Lines[1]);
        Assert.StartsWith("end FrameTooBig by client", receiver.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_a_broker_sends_the_session_ends_or_waits_and_never_throws()
    {
        for (int seed = 0; seed < 20_000; seed++)
        {
            Random random = new(seed);
            byte[] stream = [.. WholeConversation];
            for (int change = random.Next(1, 6); change > 0; change--) stream[random.Next(stream.Length)] = (byte)random.Next(256);
            if (random.Next(3) == 0) stream = stream[..random.Next(stream.Length)];
            ClientSession session = new(new LenientReceiver());
            int consumed = FeedUpTo(session, stream, 0, random.Next(stream.Length + 1));
            consumed = FeedUpTo(session, stream, consumed, stream.Length);
            Assert.True(session.IsOver || consumed + session.Needed > stream.Length, $"seed {seed}");
        }
    }

    private static int FeedUpTo(ClientSession session, int consumed, int arrived) => FeedUpTo(session, WholeConversation, consumed, arrived);

    private static int FeedUpTo(ClientSession session, byte[] stream, int consumed, int arrived)
    {
        while (!session.IsOver)
        {
            int more = session.Feed(stream.AsSpan(consumed, arrived - consumed), consumed);
            if (more == 0) break;
            consumed += more;
        }

        return consumed;
    }

    private sealed class LenientReceiver : ISessionReceiver
    {
        public void OnWelcome(WelcomeCommand welcome) => Assert.Null(welcome.Info.Limits.FindProblem());

        public void OnRun(ReadOnlySpan<uint> sids, Guid sender, DeliverFlags flags, int offset, int length, int count) => Assert.True(count > 0 && length > count);

        public void OnPing(ulong token)
        {
        }

        public bool OnPong(ulong token, Receipt? receipt) => true;

        public void OnError(ErrorCommand error) => Assert.NotNull(error.Message);

        public void OnMissed(uint sid, ulong count, ulong expired)
        {
        }

        public void OnDrained(uint sid)
        {
        }

        public void OnEnd(CloseReason reason, string message, bool byBroker) => Assert.NotNull(message);
    }
}
