namespace Akka.Configuration.Hocon;

/// <summary><c>${path}</c>: stands for the value that the same text has at that path.</summary>
public class HoconSubstitution : IHoconElement, IMightBeAHoconObject
{
    protected HoconSubstitution()
    {
    }

    /// <summary>Stands for the value at <paramref name="path"/>.</summary>
    public HoconSubstitution(string path)
    {
        Path = path;
    }

    /// <summary>The path from the root of the text.</summary>
    public string Path { get; set; }

    /// <summary>The value at the path; null until the text has been read to the end.</summary>
    public HoconValue ResolvedValue { get; set; }

    /// <inheritdoc/>
    public bool IsString() => ResolvedValue.IsString();

    /// <inheritdoc/>
    public string GetString() => ResolvedValue.GetString();

    /// <inheritdoc/>
    public bool IsArray() => ResolvedValue.IsArray();

    /// <inheritdoc/>
    public IList<HoconValue> GetArray() => ResolvedValue.GetArray();

    /// <inheritdoc/>
    public bool IsObject() => ResolvedValue != null && ResolvedValue.IsObject();

    /// <inheritdoc/>
    public HoconObject GetObject() => ResolvedValue.GetObject();
}
