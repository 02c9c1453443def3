using UdsBroker.Client;

namespace UdsBroker.Cli;

/// <summary>
/// The end of a client's connection as a cancellation, for a command that waits for its input: from a source that has nothing to say for hours it would not
/// learn before then that the broker has gone.
/// </summary>
internal sealed class ConnectionWatch : IDisposable
{
    private readonly UdsBrokerClient _client;
    private readonly CancellationTokenSource _source;

    internal ConnectionWatch(UdsBrokerClient client, CancellationToken cancellationToken)
    {
        _client = client;
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        client.Disconnected += OnDisconnected;
        if (!client.IsConnected) _source.Cancel();
    }

    /// <summary>Cancelled when the connection has ended, or the given token is.</summary>
    internal CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _client.Disconnected -= OnDisconnected;
        _source.Dispose();
    }

    private void OnDisconnected(DisconnectedEvent end) => _source.Cancel();
}
