namespace UdsBroker.Faults.Tests;

/// <summary>A random source that is cheap to begin anew: each round of a campaign has its own sequence, so that it replays alone (SplitMix64).</summary>
internal sealed class SeededRandom
{
    private ulong _state;

    internal SeededRandom(int seed, long round) => _state = ((ulong)(uint)seed << 32) ^ ((ulong)round * 0x9E37_79B9_7F4A_7C15);

    internal ulong Next64()
    {
        var mixed = _state += 0x9E37_79B9_7F4A_7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58_476D_1CE4_E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D0_49BB_1331_11EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>A number from 0 up to, not including, <paramref name="end"/>.</summary>
    internal int Next(int end) => (int)(Next64() % (uint)end);

    internal bool OneIn(int chances) => Next(chances) == 0;

    internal T Of<T>(ReadOnlySpan<T> choices) => choices[Next(choices.Length)];
}
