namespace Akka.Configuration.Hocon;

/// <summary>A piece of text. HOCON has no other scalar: numbers, booleans and null are texts that a getter understands.</summary>
public class HoconLiteral : IHoconElement
{
    /// <summary>The text, unescaped and without its quotes.</summary>
    public string Value { get; set; }

    /// <inheritdoc/>
    public bool IsString() => true;

    /// <inheritdoc/>
    public string GetString() => Value;

    /// <inheritdoc/>
    public bool IsArray() => false;

    /// <summary>Text has no elements.</summary>
    /// <exception cref="NotImplementedException">Always.</exception>
    public IList<HoconValue> GetArray() => throw new NotImplementedException("Text is not an array.");

    /// <inheritdoc/>
    public override string ToString() => Value;
}
