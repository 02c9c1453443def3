using System.Threading.Channels;

namespace UdsBroker.Compat.Streams.Tests;

/// <summary>The signals of one stage: written by the stage, awaited by the test.</summary>
public sealed class Recorder
{
    private readonly Channel<Signal> _signals = Channel.CreateUnbounded<Signal>();

    public void Add(Signal signal) => _signals.Writer.TryWrite(signal);

    public async Task<Signal> NextAsync() =>
        await _signals.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>Awaits exactly these signals, in this order.</summary>
    public async Task ExpectAsync(params Signal[] expected)
    {
        foreach (var signal in expected)
            Assert.Equal(signal, await NextAsync());
    }

    /// <summary>What has been recorded and not been awaited.</summary>
    public List<Signal> Rest()
    {
        List<Signal> rest = [];
        while (_signals.Reader.TryRead(out var signal))
            rest.Add(signal);
        return rest;
    }
}
