namespace UdsBroker.Broker.Delivery;

/// <summary>
/// The beginning: WELCOME is the first frame, although other clients that know the identity may publish to its inbox before that. Until
/// then the queue accepts nothing, so that all messages wait in backlogs.
/// </summary>
internal sealed partial class Outbox
{
    private bool IsWelcomed => _fullAt > 0;

    /// <summary>
    /// Sends WELCOME and the frames that have to follow it, and then the messages that have come for the client meanwhile.
    /// </summary>
    internal void Welcome(params IReadOnlyList<byte[]> frames)
    {
        bool flush;
        lock (_lock)
        {
            if (_end >= EndState.Leaving) return;
            foreach (var frame in frames) AppendReply(frame);
            _fullAt = limits.HighWatermark;
            Refill();
            ChargeMemory();
            flush = RequestFlush();
        }

        if (flush) Flush();
    }
}
