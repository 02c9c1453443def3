namespace UdsBroker.Client;

/// <summary>
/// The sockets of equivalent brokers, <see cref="UdsBrokerOptions.Path"/> and then <see cref="UdsBrokerOptions.AlternatePaths"/>: one is
/// the current, and after the last comes the first.
/// </summary>
internal sealed class AddressRing
{
    private readonly SocketAddress[] _addresses;
    private int _current;
    private int _untried;
    private int _hopeless;

    /// <exception cref="ConnectFailedException">A text names no socket.</exception>
    public AddressRing(UdsBrokerOptions options)
    {
        _addresses = [SocketAddress.Parse(options.Path), .. options.AlternatePaths.Select(path => SocketAddress.Parse(path))];
        _untried = _addresses.Length - 1;
    }

    /// <summary>Where to connect.</summary>
    public SocketAddress Current => _addresses[_current];

    /// <summary>Whether there are addresses that were never tried.</summary>
    public bool HasUntried => _untried > 0;

    /// <summary>Whether all of them, one after the other, failed in a way that trying again does not help.</summary>
    public bool AreHopeless => _hopeless >= _addresses.Length;

    /// <summary>The current one was connected.</summary>
    public void Succeed() => _hopeless = 0;

    /// <summary>The current one could not be connected: goes on to the next.</summary>
    public void Fail(bool isTransient)
    {
        _hopeless = isTransient ? 0 : _hopeless + 1;
        MoveNext();
    }

    /// <summary>Goes on to the next.</summary>
    public void MoveNext()
    {
        _current = (_current + 1) % _addresses.Length;
        if (_untried > 0) _untried--;
    }
}
