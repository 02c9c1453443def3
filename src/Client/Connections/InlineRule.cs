using System.Numerics;

namespace UdsBroker.Client;

/// <summary>
/// Decides whether user code runs on the reading thread of its connection or on the thread pool: a pure calculation over time stamps. On
/// the reading thread it costs no thread switch, and what it sends is sent together; but nothing is received meanwhile, so it has to be
/// short. When half of the last 16 turns were slow, or one got stuck, code goes to the pool for a while, and for twice as long each time
/// another try ends the same way.
/// </summary>
/// <param name="frequency">Time stamps in a second.</param>
internal sealed class InlineRule(long frequency)
{
    private const int SlowTurnsToLeave = 8;

    /// <summary>A piece of code longer than this is slow. A thread switch costs 5 to 10 us, so at most a fifth is lost to it.</summary>
    private readonly long _slow = frequency / 20_000;

    private readonly long _firstPause = frequency;
    private readonly long _longestPause = frequency * 60;
    private long _pause = frequency;
    private long _pausedUntil = long.MinValue;
    private ushort _slowTurns;

    /// <summary>Whether code may run on the reading thread now.</summary>
    public bool Allows(long now) => now >= _pausedUntil;

    /// <summary>
    /// Reports a finished turn on the reading thread. A single slow one has no effect: its thread may just have been preempted.
    /// </summary>
    /// <param name="took">Its time.</param>
    /// <param name="calls">How many pieces of code ran in it; 1 or more.</param>
    /// <param name="now">The time stamp of now.</param>
    public void OnTurn(long took, int calls, long now)
    {
        _slowTurns = (ushort)((_slowTurns << 1) | (took / calls > _slow ? 1 : 0));
        if (BitOperations.PopCount(_slowTurns) >= SlowTurnsToLeave) Pause(now);
    }

    /// <summary>Reports that code did not return in time and another thread has taken over reading.</summary>
    public void OnStuck(long now) => Pause(now);

    private void Pause(long now)
    {
        bool wasGoodForLong = _pausedUntil == long.MinValue || now - _pausedUntil > 10 * _pause;
        _pause = wasGoodForLong ? _firstPause : Math.Min(_pause * 2, _longestPause);
        _pausedUntil = now + _pause;
        _slowTurns = 0;
    }
}
