namespace UdsBroker.Client;

/// <summary>
/// The sockets of equivalent brokers, <see cref="UdsBrokerOptions.Path"/> and then <see cref="UdsBrokerOptions.AlternatePaths"/>: one of
/// them is current, and the first follows the last.
/// </summary>
internal sealed class AddressRing
{
    private readonly SocketAddress[] _addresses;
    private int _current;
    private int _untried;
    private int _permanentFailures;

    /// <exception cref="ConnectFailedException">A text names no socket.</exception>
    public AddressRing(UdsBrokerOptions options)
    {
        _addresses = [SocketAddress.Parse(options.Path), .. options.AlternatePaths.Select(path => SocketAddress.Parse(path))];
        _untried = _addresses.Length - 1;
    }

    /// <summary>Where to connect.</summary>
    public SocketAddress Current => _addresses[_current];

    /// <summary>Whether some addresses were never tried.</summary>
    public bool HasUntried => _untried > 0;

    /// <summary>Whether all of them, one after the other, failed in a way that another attempt cannot mend.</summary>
    public bool HaveAllFailedForGood => _permanentFailures >= _addresses.Length;

    /// <summary>Reports that the current address was connected.</summary>
    public void Succeed() => _permanentFailures = 0;

    /// <summary>Reports that the current address could not be connected, and moves to the next.</summary>
    public void Fail(bool isTransient)
    {
        _permanentFailures = isTransient ? 0 : _permanentFailures + 1;
        MoveNext();
    }

    /// <summary>Moves to the next.</summary>
    public void MoveNext()
    {
        _current = (_current + 1) % _addresses.Length;
        if (_untried > 0) _untried--;
    }
}
