using UdsBroker.Broker.Buffers;

namespace UdsBroker.Broker.Streams;

/// <summary>
/// Notices a peer that begins a frame and does not finish it. It looks a few times within the time a frame may take, and judges by what
/// arrived between the looks, not by a clock: a broker that was itself suspended forgives, and a busy connection costs no timer for each
/// wait.
/// </summary>
/// <param name="buffer">Where the frame is arriving.</param>
/// <param name="enough">So many bytes within the time show that the peer is at work, however large the frame.</param>
internal sealed class FrameWatch(InboundBuffer buffer, int enough)
{
    /// <summary>Looks within the time that a frame may take.</summary>
    internal const int Looks = 4;

    private bool _isWatching;
    private long _consumed;
    private long _received;
    private int _looks;

    /// <summary>What a look came to.</summary>
    internal enum Verdict
    {
        /// <summary>Keep looking.</summary>
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

    /// <summary>Looks at the frame.</summary>
    /// <param name="isWaiting">False when the connection is not read at the moment: that is not the peer's doing.</param>
    internal Verdict Look(bool isWaiting)
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

        return ++_looks < Looks ? Verdict.Watching : Verdict.TooSlow;
    }

    private void Restart()
    {
        _consumed = buffer.Consumed;
        _received = Received;
        _looks = 0;
    }
}
