namespace Akka.Configuration.Hocon;

/// <summary>A list of values in square brackets.</summary>
public class HoconArray : List<HoconValue>, IHoconElement
{
    /// <inheritdoc/>
    public bool IsString() => false;

    /// <summary>An array has no text.</summary>
    /// <exception cref="NotImplementedException">Always.</exception>
    public string GetString() => throw new NotImplementedException("An array is not text.");

    /// <inheritdoc/>
    public bool IsArray() => true;

    /// <inheritdoc/>
    public IList<HoconValue> GetArray() => this;

    /// <inheritdoc/>
    public override string ToString() => $"[{string.Join(",", this)}]";
}
