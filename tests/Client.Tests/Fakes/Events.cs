using System.Threading.Channels;

namespace UdsBroker.Client.Tests;

/// <summary>The connections and ends that a client reports, for a test to wait for; without the first connection.</summary>
internal sealed class Events
{
    private readonly Channel<ConnectedEvent> _connected = Channel.CreateUnbounded<ConnectedEvent>();
    private readonly Channel<DisconnectedEvent> _disconnected = Channel.CreateUnbounded<DisconnectedEvent>();

    public Events(UdsBrokerClient client)
    {
        client.Connected += e =>
        {
            if (e.IsReconnect) _connected.Writer.TryWrite(e);
        };
        client.Disconnected += e => _disconnected.Writer.TryWrite(e);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async Task<ConnectedEvent> ConnectedAsync() => await _connected.Reader.ReadAsync(Token).AsTask().WaitAsync(TimeSpan.FromSeconds(60), Token);

    public async Task<DisconnectedEvent> DisconnectedAsync() => await _disconnected.Reader.ReadAsync(Token).AsTask().WaitAsync(TimeSpan.FromSeconds(60), Token);
}
