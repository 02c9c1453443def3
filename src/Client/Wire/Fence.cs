using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>The purpose of a fence, which decides what happens with the counts of its receipt.</summary>
internal enum FenceUse : byte
{
    /// <summary>A flush of the user: takes all counts since the last flush.</summary>
    Flush,

    /// <summary>Anything else (keep-alive, round-trip time, waiting for a subscription): its counts are kept for the next flush.</summary>
    Other,
}

/// <summary>One PING under way, as a promise of its PONG. Continuations run on the thread pool, never on the reading thread.</summary>
internal sealed class Fence(ulong token, FenceUse use, long publishesBefore) : TaskCompletionSource<Receipt>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    /// <summary>The token that the PONG must bring back.</summary>
    public ulong Token { get; } = token;

    /// <summary>What it was sent for.</summary>
    public FenceUse Use { get; } = use;

    /// <summary>How many publishes of the connection precede it: its receipt confirms those.</summary>
    public long PublishesBefore { get; } = publishesBefore;
}
