using UdsBroker.Broker.Delivery;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Model;

/// <summary>What the model knows of one subscription: every message it should get or miss, and where in that list it is.</summary>
internal sealed class ModelSubscription(Subscription subscription, int client)
{
    private int _at;
    private ulong _openGap;

    internal Subscription Subscription => subscription;

    internal int Client => client;

    internal uint Sid => subscription.Sid;

    internal SubjectPattern Pattern { get; init; }

    internal string? Queue => subscription.Queue;

    internal OverflowPolicy Policy => subscription.Policy;

    internal bool IsOpen { get; set; } = true;

    /// <summary>How many more messages it is sent; null without a maximum.</summary>
    internal ulong? Remaining { get; set; }

    /// <summary>All messages admitted to it, in order; for a member of a queue group those that were received.</summary>
    internal List<ModelMessage> Expected { get; } = [];

    internal ulong Missed { get; private set; }

    internal ulong ReceivedCount { get; private set; }

    /// <summary>How many of the missed had expired.</summary>
    internal ulong Expired { get; private set; }

    /// <summary>How many of the expected messages, the first ones, were retained before it began.</summary>
    internal int RetainedCount { get; set; }

    /// <summary>It was ended at once: what waited for it is lost.</summary>
    internal bool IsUnsubscribed { get; set; }

    /// <summary>It was asked to end when everything that waited has been sent.</summary>
    internal bool IsDrained { get; set; }

    /// <summary>The end of a drain must be told: it was not ended otherwise meanwhile.</summary>
    internal bool AwaitsEnd { get; set; }

    /// <summary>The end of a drain was told.</summary>
    internal bool HasEnded { get; private set; }

    internal bool IsComplete => (ulong)Expected.Count == ReceivedCount + Missed;

    /// <summary>The policy was to disconnect and the bound was crossed: from some message on, in the buffer read then, nothing was admitted.</summary>
    internal bool IsCut => Policy == OverflowPolicy.Disconnect && !subscription.IsOpen;

    /// <summary>How many of the expected messages were routed when it may have been cut already.</summary>
    internal int Perhaps { get; set; }

    /// <summary>Forgets the expected messages that the cut left out.</summary>
    internal void RemoveNotReceived()
    {
        var came = (int)(ReceivedCount + Missed);
        Assert.InRange(came, Expected.Count - Perhaps, Expected.Count);
        Expected.RemoveRange(came, Expected.Count - came);
    }

    internal void OnMissed(ulong count, ulong expired)
    {
        Assert.False(HasEnded, $"{this} missed something after its end");
        Missed += count;
        Expired += expired;
        _openGap += count;
    }

    /// <summary>The broker's report that a drain is over.</summary>
    internal void OnEnd()
    {
        Assert.True(IsDrained && !HasEnded, $"{this} was told an end that nobody asked for");
        HasEnded = true;
    }

    /// <summary>The next message has to be the one after the gap, to the byte.</summary>
    internal void OnMessage(Guid sender, byte[] frame, bool isRetained)
    {
        Assert.False(HasEnded, $"{this} got a message after its end");
        _at += (int)_openGap;
        _openGap = 0;
        Assert.True(_at < Expected.Count, $"{this} got a message after all {Expected.Count} that it should: {ModelMessage.Describe(frame)}");
        Assert.Equal(_at < RetainedCount, isRetained);
        var expected = Expected[_at++];
        Assert.True(
            expected.Sender == sender && expected.Frame.AsSpan().SequenceEqual(frame),
            $"{this} got {ModelMessage.Describe(frame)} where {ModelMessage.Describe(expected.Frame)} is due, number {_at - 1} of {Expected.Count}");
        ReceivedCount++;
    }

    /// <summary>A message of a queue group went to this member; which one was the broker's choice.</summary>
    internal void OnShare()
    {
        Assert.False(HasEnded, $"{this} got a message after its end");
        ReceivedCount++;
    }

    public override string ToString() =>
        $"client {client} sid {Sid} ({Pattern} {Policy}{(Queue is null ? "" : $" queue {Queue}")}, received {ReceivedCount}, missed {Missed})";
}

/// <summary>Whether anybody was given a message.</summary>
internal enum Reach
{
    Nobody,

    /// <summary>One that may have been cut off before.</summary>
    Perhaps,
    Somebody,
}

/// <summary>One published message.</summary>
internal sealed record ModelMessage(Guid Sender, int Number, string Subject, string Reply, byte[] Frame)
{
    /// <summary>What its one header asks of the broker; empty for none.</summary>
    internal string Header { get; init; } = "";

    internal long Value { get; init; }

    /// <summary>It was refused when it was read, so that it does not count as published.</summary>
    internal bool IsRefused { get; set; }

    /// <summary>The access rules denied it, when it was read or when its delay was over.</summary>
    internal bool IsDenied { get; set; }

    /// <summary>Who was there when it was routed.</summary>
    internal Reach Reached { get; set; }

    /// <summary>Who asks for an answer to its own inbox can be told when there will be none.</summary>
    internal bool IsRequest => Reply.StartsWith($"_INBOX.{Sender}.", StringComparison.Ordinal);

    /// <summary>The subscriptions, of no queue group, that were given it for certain.</summary>
    internal List<ModelSubscription> GivenTo { get; } = [];

    /// <summary>The queue groups that it was shared out in.</summary>
    internal HashSet<string> Queues { get; } = [];

    /// <summary>The clients that published to its reply subject since it was routed.</summary>
    internal HashSet<int> AnsweredBy { get; } = [];

    internal static string Describe(byte[] frame)
    {
        Assert.Equal(ScanResult.Done, FrameScanner.Scan(frame, Limits.Default, out var head));
        var text = System.Text.Encoding.ASCII.GetString(frame.AsSpan(head.PayloadStart, Math.Min(16, head.PayloadLength)));
        return $"{System.Text.Encoding.UTF8.GetString(frame.AsSpan(head.SubjectStart, head.SubjectLength))} '{text}'";
    }
}
