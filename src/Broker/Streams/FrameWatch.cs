using UdsBroker.Broker.Buffers;

namespace UdsBroker.Broker.Streams;

/// <summary>
/// Detects a peer that begins a frame and does not finish it. It checks a few times within the time that a frame may take, and judges by
/// what arrived between the checks, not by a clock: time in which the broker itself was suspended does not count, and a busy connection
/// needs no timer per wait.
/// </summary>
/// <param name="buffer">Where the frame is arriving.</param>
/// <param name="enough">The bytes that have to arrive within the time to show progress, however large the frame.</param>
internal sealed class FrameWatch(InboundBuffer buffer, int enough)
{
    /// <summary>The number of checks within the time that a frame may take.</summary>
    internal const int Checks = 4;

    private bool _isWatching;
    private long _consumed;
    private long _received;
    private int _checks;

    /// <summary>The result of a check.</summary>
    internal enum Verdict
    {
        /// <summary>Keep checking.</summary>
        Watching,

        /// <summary>There is no unfinished frame to wait for.</summary>
        Over,

        /// <summary>The frame has taken too long.</summary>
        TooSlow,
    }

    private long Received => buffer.Consumed + buffer.UnreadLength;

    /// <summary>Begins to watch the frame at the front of the buffer; false when it is watching already.</summary>
    internal bool TryBegin()
    {
        if (_isWatching) return false;
        _isWatching = true;
        Restart();
        return true;
    }

    /// <summary>Checks the frame.</summary>
    /// <param name="isWaiting">False when the broker does not read the connection at the moment, so that the peer is not to blame.</param>
    internal Verdict Check(bool isWaiting)
    {
        if (!isWaiting || buffer.UnreadLength == 0)
        {
            _isWatching = false;
            return Verdict.Over;
        }

        if (buffer.Consumed != _consumed || Received - _received >= enough)
        {
            Restart();
            return Verdict.Watching;
        }

        return ++_checks < Checks ? Verdict.Watching : Verdict.TooSlow;
    }

    private void Restart()
    {
        _consumed = buffer.Consumed;
        _received = Received;
        _checks = 0;
    }
}
