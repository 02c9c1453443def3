using System.Net.Sockets;

namespace UdsBroker.Client.Tests;

/// <summary>Welcomes one client and throws away everything it sends, allocating nothing.</summary>
internal sealed class RawSink : IAsyncDisposable
{
    private readonly FakeBroker _broker = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _draining;

    public RawSink() => _draining = Task.Run(DrainAsync);

    public string Path => _broker.Path;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _draining;
        _broker.Dispose();
        _stop.Dispose();
    }

    private async Task DrainAsync()
    {
        using FakePeer peer = await _broker.WelcomeAsync();
        byte[] buffer = new byte[1 << 18];
        try
        {
            while (await peer.Socket.ReceiveAsync(buffer.AsMemory(), SocketFlags.None, _stop.Token) > 0)
            {
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
            // Done.
        }
    }
}
