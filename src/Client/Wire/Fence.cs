using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>What a fence was sent for: decides what becomes of the counts of its receipt.</summary>
internal enum FenceUse : byte
{
    /// <summary>A flush of the user: takes all counts since the last flush.</summary>
    Flush,

    /// <summary>Anything else (keep-alive, round-trip time, making a subscription sure): its counts are kept for the next flush.</summary>
    Other,
}

/// <summary>One PING under way, as a promise of its PONG. Continuations run on the thread pool, never on the reading thread.</summary>
internal sealed class Fence(ulong token, FenceUse use, long publishesBefore) : TaskCompletionSource<Receipt>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    /// <summary>The token that the PONG must bring back.</summary>
    public ulong Token { get; } = token;

    /// <summary>What it was sent for.</summary>
    public FenceUse Use { get; } = use;

    /// <summary>How many publishes of the connection lie before it: those are settled when it is passed.</summary>
    public long PublishesBefore { get; } = publishesBefore;
}
