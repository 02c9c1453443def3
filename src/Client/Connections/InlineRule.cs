using System.Numerics;

namespace UdsBroker.Client;

/// <summary>
/// Decides whether the code of users runs on the reading thread of their connection or on the thread pool: a pure calculation over time stamps. On the
/// reading thread it costs no thread switch, and what it sends leaves together; but nothing is received meanwhile. So it is for code that is short:
/// when half of the last turns took longer than a thread switch is worth, or one got stuck, it goes to the pool for a while, and for twice as
/// long each time that another try ends alike.
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

    /// <summary>A turn on the reading thread is over; one that was long because its thread was not given a processor is one of many.</summary>
    /// <param name="took">Its time.</param>
    /// <param name="calls">How many pieces of code ran in it; 1 or more.</param>
    /// <param name="now">The time stamp of now.</param>
    public void OnTurn(long took, int calls, long now)
    {
        _slowTurns = (ushort)((_slowTurns << 1) | (took / calls > _slow ? 1 : 0));
        if (BitOperations.PopCount(_slowTurns) >= SlowTurnsToLeave) Pause(now);
    }

    /// <summary>Code did not return in time, and the reading was taken over from it.</summary>
    public void OnStuck(long now) => Pause(now);

    private void Pause(long now)
    {
        bool wasGoodForLong = _pausedUntil == long.MinValue || now - _pausedUntil > 10 * _pause;
        _pause = wasGoodForLong ? _firstPause : Math.Min(_pause * 2, _longestPause);
        _pausedUntil = now + _pause;
        _slowTurns = 0;
    }
}
