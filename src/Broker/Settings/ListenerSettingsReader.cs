using UdsBroker.Broker.Transport;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Settings;

/// <summary>
/// Reads <c>udsbroker.listeners</c>, each block over the defaults of <c>udsbroker.listener</c>, and resolves the default socket, so that an
/// impossible path is a wrong setting and not a failed start.
/// </summary>
internal static class ListenerSettingsReader
{
    private const string DefaultListener = "main";
    private const int MaxNameLength = 64;

    /// <summary>Reads the enabled listeners in the order of their names.</summary>
    public static IReadOnlyList<ListenerSettings> Read(SettingsSection root)
    {
        var defaults = root.Section("listener");
        ReadListener(defaults, null); // first, so that a wrong default is named where it is written
        var section = root.Section("listeners");
        var listeners = new List<ListenerSettings>();
        foreach (var name in section.Names.ToArray())
        {
            CheckName(section, name);
            if (ReadListener(section.Section(name, defaults), name) is { } listener)
                listeners.Add(listener);
        }

        if (listeners.Count == 0)
            throw new SettingsException($"{section.Path}: no listener is enabled; a broker needs at least one");
        CheckAddresses(section, listeners);
        return listeners;
    }

    private static ListenerSettings? ReadListener(SettingsSection section, string? name)
    {
        var settings = new ListenerSettings
        {
            Name = name ?? "",
            Path = section.Text("path"),
            Type = section.Choice("type", ("stream", UnixSocketType.Stream), ("seqpacket", UnixSocketType.SeqPacket), ("dgram", UnixSocketType.Dgram)),
            MaxPacket = (int)section.Size("max-packet", 16 << 10, 4 << 20),
            SendBuffer = (int)section.Size("send-buffer", 0, 16 << 20),
            MaxSenders = section.Number("max-senders", 1, 1_000_000),
            Protocol = section.Choice(
                "protocol", ("udsb", ListenerProtocol.Udsb), ("echo", ListenerProtocol.Echo), ("identity", ListenerProtocol.Identity)),
            Mode = section.Mode("mode"),
            Owner = AccountSettings.ReadOne(section, "owner", Accounts.FindUser),
            Group = AccountSettings.ReadOne(section, "group", Accounts.FindGroup),
            Backlog = section.Number("backlog", 1, 1_000_000),
            AcceptRate = section.Number("accept-rate", 0, 1_000_000),
            SharedDirectory = section.Switch("shared-directory"),
            CheckInterval = section.Duration("check-interval", TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)),
            AcceptPause = section.Duration("accept-pause", TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)),
        };
        var enabled = section.Switch("enabled");
        section.Close();
        return enabled && name is not null ? ResolvePath(section, settings) : null;
    }

    private static ListenerSettings ResolvePath(SettingsSection section, ListenerSettings settings)
    {
        if (settings.Path.Length == 0 && settings.Name != DefaultListener)
            throw SettingsException.Wrong(section.KeyOf("path"), "", $"a path; only {DefaultListener} has a default one");
        if (settings.Path.Length == 0)
        {
            var standard = DefaultSocket.OfThisProcess();
            settings = settings with { Path = standard.Path, CreateDirectory = !standard.IsNamedByUser };
        }

        try
        {
            return settings with { Path = SocketPath.Parse(settings.Path).Text };
        }
        catch (SocketFileException e)
        {
            throw new SettingsException($"{section.KeyOf("path")} = {settings.Path}: {e.Message}");
        }
    }

    private static void CheckName(SettingsSection section, string name)
    {
        if (name.Length is 0 or > MaxNameLength || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')))
        {
            throw new SettingsException(
                $"{section.KeyOf(name)}: a listener's name is made of 1 to {MaxNameLength} letters, digits, '-' and '_'");
        }
    }

    private static void CheckAddresses(SettingsSection section, List<ListenerSettings> listeners)
    {
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var listener in listeners)
        {
            if (!owners.TryAdd(listener.Path, listener.Name))
            {
                throw SettingsException.Wrong(
                    $"{section.KeyOf(listener.Name)}.path", listener.Path, $"another path than that of {section.KeyOf(owners[listener.Path])}");
            }
        }
    }
}
