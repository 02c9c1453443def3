namespace UdsBroker.Broker.Tests.Transport;

/// <summary>A directory of mode 0700 for one test, removed with all that is in it.</summary>
public sealed class TestDirectory : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("udsb-");

    /// <summary>Its absolute path.</summary>
    public string Root => _directory.FullName;

    /// <summary>The path of an entry in it.</summary>
    public string this[string name] => Path.Combine(Root, name);

    /// <inheritdoc/>
    public void Dispose() => _directory.Delete(recursive: true);
}
